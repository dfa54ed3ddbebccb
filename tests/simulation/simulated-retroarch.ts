import type { BatchResult, CallOptions, Device, Step } from '@causeway/bridge/device';
import { between } from '@causeway/bridge/testing';
import { createRetroArchDriver, type DatagramSocketFactory } from '@causeway/sni-bridge/retroarch';
import type { Connect, Served } from '../../packages/bridge/src/session/simulation/connection.js';
import { RAM_SIZE } from '../../packages/bridge/src/session/simulation/memory-map.js';
import { type Machine, simulatedInfo } from '../../packages/bridge/src/session/simulation/simulated-device.js';
import { FakeRetroArch } from '../../packages/sni-bridge/src/retroarch/testing/fake-retroarch.js';
import { putHeader } from '../../packages/sni-bridge/src/testing/put-header.js';

const WRAM = { at: 0x7e_0000, size: 0x2_0000 } as const;
const ROM = { at: 0x80_8000, size: 0x8000, header: 0x7fb0 } as const;
/** What a bad network does all the time. Late datagrams come before a question is asked in the same way again. */
const WEATHER = { loss: 0.03, duplication: 0.03, delay: 0.08, delayMs: 120 } as const;
const LATE_FRAMES = 8;
const ANSWERS_LOST_MS = 300;

const crcOf = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);

const within = ({ at, size }: { at: number; size: number }, address: number): boolean =>
  address >= at && address < at + size;

/** The simulated console's memory where RetroArch would show that of a SNES. */
const coreMemory = (machine: Machine) => ({
  read: (address: number, size: number): Uint8Array | undefined => {
    const { console } = machine;
    const bytes = new Uint8Array(size);
    if (within(ROM, address)) {
      const rom = new Uint8Array(ROM.size);
      rom.set(console.cartridge.rom);
      putHeader(rom, ROM.header);
      return rom.slice(address - ROM.at, address - ROM.at + size);
    }
    if (!within(WRAM, address)) return undefined;
    const offset = address - WRAM.at;
    const known = Math.min(size, RAM_SIZE - offset);
    if (known > 0) bytes.set(console.read({ domain: 'RAM', offset, size: known }));
    return bytes;
  },
  write: (address: number, data: Uint8Array): number | string => {
    if (!within(WRAM, address)) return 'descriptor data is readonly';
    machine.aboutToWrite();
    machine.console.write({ kind: 'write', at: { domain: 'RAM', offset: address - WRAM.at }, data });
    return data.length;
  },
});

/** Strikes at writes as the schedule wants it. */
const faulty =
  (machine: Machine, emulator: FakeRetroArch): DatagramSocketFactory =>
  (endpoint, handlers) => {
    const socket = emulator.createSocket(endpoint, {
      ...handlers,
      datagram: (text) => {
        if (emulator.now() >= deafUntil) handlers.datagram(text);
      },
    });
    let deafUntil = 0;
    return {
      ...socket,
      send: (text) => {
        const fault = text.startsWith('WRITE_') ? machine.takeFault(() => true)?.kind : undefined;
        if (fault === 'carried out late' || fault === 'carried out twice') {
          machine.later(between(machine.random, 1, LATE_FRAMES), () => socket.send(text));
        }
        if (fault === 'request lost' || fault === 'carried out late') return;
        if (fault === 'answer lost') deafUntil = emulator.now() + ANSWERS_LOST_MS;
        socket.send(text);
      },
    };
  };

/** The device under the names the simulated game has for its memory. */
const renamed = (device: Device, machine: Machine): Device => ({
  info: { ...simulatedInfo(machine.console, []), rom: { ...device.info.rom, system: 'SIM' } },
  get status() {
    return device.status;
  },
  closed: device.closed,
  run: (batch: readonly Step[], call?: CallOptions): Promise<BatchResult> =>
    device.run(
      batch.map((step) => (step.at.domain === 'RAM' ? { ...step, at: { ...step.at, domain: 'WRAM' } } : step)),
      call,
    ),
  rom: async (call) => ({ ...(await device.rom(call)), system: 'SIM' }),
  close: () => device.close(),
  [Symbol.asyncDispose]: () => device.close(),
});

/** The real RetroArch driver over a bad network, in virtual time. */
export const connectRetroArch: Connect = async (machine, clock, options, attach) => {
  const emulator = new FakeRetroArch({ clock, random: machine.random, memory: coreMemory(machine) });
  Object.assign(emulator.faults, WEATHER);
  let device: Device | undefined;
  let gone = false;
  const served: Served = {
    get status() {
      return gone || device?.status === 'closed' ? 'closed' : 'running';
    },
    unanswered: 0,
    serve: () => {
      const { slot } = machine.console.cartridge;
      emulator.status = { state: 'playing', system: 'bsnes-mercury', content: slot, crc32: crcOf(slot) };
      emulator.poll();
    },
    setPaused: () => {},
    cut: () => {
      gone = true;
      emulator.die();
    },
  };
  attach(served);
  const driver = createRetroArchDriver({ clock, socketFactory: faulty(machine, emulator) });
  try {
    device = await driver.open('retroarch://127.0.0.1:55355', options);
  } catch (error) {
    gone = true;
    throw error;
  }
  return renamed(device, machine);
};
