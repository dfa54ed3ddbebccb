import { CausewayError } from '@causeway/protocol/errors';
import type {
  BatchResult,
  CloseInfo,
  Device,
  DeviceInfo,
  DeviceListing,
  Driver,
  MessageAbility,
  OpenOptions,
  Region,
  Step,
} from '../../device/contract.js';

/** A console that is nothing but memory: `RAM` with 256 bytes, each holding its own address. One frame per batch. */
export class MemoryConsole {
  readonly ram = Uint8Array.from({ length: 256 }, (_, index) => index);
  readonly batches: (readonly Step[])[] = [];
  /** Texts on its screen. */
  readonly shown: string[] = [];
  readonly opened: (string | undefined)[] = [];
  frame = 100;
  /** Fails every batch and every opening while set. */
  away: CausewayError | undefined;
  /** Called before each batch, so that a test can change memory between frames. */
  onFrame: (frame: number) => void = () => {};
  openDevices = 0;
}

const LOCATION = 'memory://1';

const infoOf = (): DeviceInfo => ({
  driver: 'memory',
  uri: LOCATION,
  system: 'NES',
  rom: { system: 'NES', hash: 'ABCD', title: 'Chest\u001b[31m Walk' },
  domains: [
    { name: 'RAM', size: 256 },
    { name: 'PRG ROM', size: 32_768, writable: false },
  ],
  capabilities: new Set(['atomicBatch', 'framePaced', 'frameCounter', 'message']),
  peer: 'memory of this test',
});

const check = ({ domain, offset, size }: Region): void => {
  if (domain !== 'RAM')
    throw new CausewayError('domain_unknown', `There is no domain "${domain}".`, { context: { domain } });
  if (offset + size > 256)
    throw new CausewayError('address_out_of_range', 'Outside of RAM.', { context: { offset, size } });
};

const sizeOf = (step: Step): number =>
  step.kind === 'read' ? step.size : step.kind === 'guard' ? step.expect.length : step.data.length;

const perform = (memory: MemoryConsole, batch: readonly Step[]): BatchResult => {
  const facts = { atomic: true, frame: memory.frame };
  const reads: Uint8Array[] = [];
  for (const [index, step] of batch.entries()) {
    const { offset } = step.at;
    const here = memory.ram.subarray(offset, offset + sizeOf(step));
    if (step.kind === 'read') reads.push(here.slice());
    else if (step.kind === 'write') here.set(step.data);
    else if (!Buffer.from(here).equals(step.expect)) return { ...facts, ok: false, failedGuard: index, reads };
  }
  return { ...facts, ok: true, reads };
};

const openMemory = (memory: MemoryConsole, options: OpenOptions): Device & MessageAbility => {
  const info = infoOf();
  let settle: (info: CloseInfo) => void = () => {};
  const whenClosed = new Promise<CloseInfo>((resolve) => {
    settle = resolve;
  });
  let open = true;
  memory.openDevices += 1;
  const close = async (): Promise<void> => {
    if (open) memory.openDevices -= 1;
    open = false;
    settle({ reason: 'closed' });
  };
  return {
    info,
    get status() {
      return open ? ('running' as const) : ('closed' as const);
    },
    async run(batch, call) {
      (call?.signal ?? options.signal)?.throwIfAborted();
      for (const step of batch) check({ ...step.at, size: sizeOf(step) });
      await new Promise((resolve) => setImmediate(resolve));
      if (memory.away) throw memory.away;
      memory.frame += 1;
      memory.onFrame(memory.frame);
      memory.batches.push(batch);
      return perform(memory, batch);
    },
    rom: async () => info.rom,
    showMessage: async (text) => {
      memory.shown.push(text);
    },
    closed: whenClosed,
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** A driver that finds and opens that one console. */
export const memoryDriver = (memory: MemoryConsole): Driver => ({
  kind: 'memory',
  async detect() {
    if (memory.away) return [];
    const { driver, uri, system, rom, peer } = infoOf();
    const busy: DeviceListing = { uri: 'memory://2', driver, state: 'busy', detail: 'another client holds it' };
    return [{ uri, driver, state: 'ready', system, rom, peer }, busy];
  },
  async open(target, options = {}) {
    options.signal?.throwIfAborted();
    memory.opened.push(target);
    if (memory.away) throw memory.away;
    if (target !== undefined && target !== LOCATION) {
      throw new CausewayError('device_not_found', 'No such device.', { context: { target } });
    }
    return openMemory(memory, options);
  },
});
