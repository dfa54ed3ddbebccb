import { describe, expect, it } from 'vitest';
import { buildCartridge, type CartridgeMapping } from '../snes-game/cartridge.js';
import type { ConsoleOptions, RunningConsole } from './console-options.js';
import type { ConsoleFault } from './faults.js';
import { startConsole } from './start-console.js';
import { DatagramClient } from './test-support/datagram-client.js';

const RUN = { retroarch: 0, fps: 2000 } as const;

const withDoor = async (
  options: ConsoleOptions,
  use: (client: DatagramClient, running: RunningConsole) => Promise<void>,
): Promise<void> => {
  await using running = await startConsole({ ...RUN, ...options });
  await using client = await DatagramClient.to(running.ports.retroarch ?? 0);
  await use(client, running);
};

describe("RetroArch's commands", () => {
  it('tell version, status and settings', () =>
    withDoor({ name: 'a, b' }, async (client, { console }) => {
      expect(await client.ask('VERSION')).toBe('1.14.0\n');
      expect(await client.ask('GET_STATUS')).toMatch(/^GET_STATUS PLAYING bsnes-mercury,a, b,crc32=[0-9a-f]+\n$/);
      expect(await client.ask('GET_CONFIG_PARAM savefile_directory')).toBe(
        'GET_CONFIG_PARAM savefile_directory /saves',
      );
      expect(await client.ask('GET_CONFIG_PARAM video_driver')).toBe('GET_CONFIG_PARAM video_driver unsupported');
      await client.send('PAUSE_TOGGLE');
      expect(await client.ask('GET_STATUS')).toMatch(/^GET_STATUS PAUSED/);
      console.insert(undefined);
      expect(await client.ask('GET_STATUS')).toBe('GET_STATUS CONTENTLESS');
      expect(await client.ask('READ_CORE_MEMORY 7e0000 1')).toBe('READ_CORE_MEMORY 7e0000 -1 no memory map defined\n');
    }));

  it('are served once per frame, all that waits, and several to a datagram', async () => {
    await using running = await startConsole({ retroarch: 0, fps: 'manual' });
    await using client = await DatagramClient.to(running.ports.retroarch ?? 0);
    await running.step(100);
    await client.send('READ_CORE_MEMORY 7e1010 4\nNONSENSE\nREAD_CORE_MEMORY 7E1010 1');
    await client.send('WRITE_CORE_MEMORY 7e1060 00');
    while (client.received.length < 3) await running.step(1);
    const [first = '', second = ''] = client.received;
    expect(first).toMatch(/^READ_CORE_MEMORY 7e1010 [0-9A-F]{2} 00 00 00\n$/);
    expect(second).toBe(`READ_CORE_MEMORY 7e1010 ${first.slice(24, 26)}\n`);
    expect(client.received[2]).toBe('WRITE_CORE_MEMORY 7e1060 1\n');
  });

  it.each([
    ['lorom', '807fc0 5', 'no descriptor for address'],
    ['lorom', '80ffc0 4', '4D 41 52 53'],
    ['lorom', 'c0ffc0 4', '4D 41 52 53'],
    ['lorom', '700000 4', '4D 4C 53 56'],
    ['hirom', 'c0ffc0 4', '4D 41 52 53'],
    ['hirom', '00ffc0 4', 'C0 7F 00 00'],
    ['hirom', '306000 4', '4D 4C 53 56'],
    ['hirom', 'a06000 4', 'no data for descriptor'],
    ['exhirom', '40ffc0 4', '4D 41 52 53'],
    ['exhirom', '410000 4', '00 00 01 00'],
    ['exhirom', 'a06000 4', '4D 4C 53 56'],
    ['exhirom', '700000 4', '4D 4C 53 56'],
    ['lorom', '004200 1', 'no descriptor for address'],
    ['lorom', '1000000 1', 'no descriptor for address'],
  ] as const)('show of %s at %s: %s', (mapping: CartridgeMapping, asked, shown) =>
    withDoor({ mapping }, async (client, { console }) => {
      while (console.frame < 2) await client.ask('VERSION');
      const [address = ''] = asked.split(' ');
      const error = shown.startsWith('no ') ? '-1 ' : '';
      expect(await client.ask(`READ_CORE_MEMORY ${asked}`)).toBe(
        `READ_CORE_MEMORY ${address.replace(/^0+(?=.)/, '')} ${error}${shown}\n`,
      );
    }),
  );

  it('cut reads short at the end of a block, write no ROM, and lose what fits no datagram', () =>
    withDoor({}, async (client) => {
      expect((await client.ask('READ_CORE_MEMORY 7fff00 512')).split(' ')).toHaveLength(2 + 256);
      expect((await client.ask('READ_CORE_MEMORY 001f00 512')).split(' ')).toHaveLength(2 + 256);
      expect(await client.ask('WRITE_CORE_MEMORY 808000 00')).toBe(
        'WRITE_CORE_MEMORY 808000 -1 descriptor data is readonly\n',
      );
      await client.send('READ_CORE_MEMORY 7e0000 21828');
      expect(await client.ask('READ_CORE_MEMORY 7e0000 21827')).toHaveLength(65_505);
    }));

  it.each([
    ['a command over 2047 bytes', `WRITE_CORE_MEMORY 7e6000 ${'01 '.repeat(700)}`, 674],
    ['a space at the end', 'WRITE_CORE_MEMORY 7e6000 01 01 ', 2],
    ['a line end of Windows', 'WRITE_CORE_MEMORY 7e6000 01 01\r', 2],
    ['a word that is no number', 'WRITE_CORE_MEMORY 7e6000 01 x 01', 1],
  ])('wipe work RAM after %s', (_, command, kept) =>
    withDoor({}, async (client, { console }) => {
      await client.ask('VERSION');
      const { wram } = console.memory;
      wram.fill(9, 0x5ff0);
      expect(await client.ask(command)).toBe(`WRITE_CORE_MEMORY 7e6000 ${0x2_0000 - 0x6000}\n`);
      expect(wram.subarray(0x5ff0, 0x6000).every((byte) => byte === 9)).toBe(true);
      expect(wram.subarray(0x6000, 0x6000 + kept).every((byte) => byte === 1)).toBe(true);
      expect(wram.subarray(0x6000 + kept).every((byte) => byte === 0)).toBe(true);
    }),
  );

  it.each(['-1', '268435456'])('kill RetroArch when %s bytes are asked for', async (count) => {
    const power: string[] = [];
    let crashed = (): void => {};
    const crash = new Promise<void>((resolve) => {
      crashed = resolve;
    });
    const onPower = (what: string): void => {
      power.push(what);
      if (what === 'crashed') crashed();
    };
    await withDoor({ onPower }, async (client, running) => {
      await client.send(`READ_CORE_MEMORY 7e0000 ${count}`);
      await crash;
      expect([power, running.running]).toEqual([['started', 'crashed'], false]);
      await running.restart();
      expect(await client.ask('VERSION')).toBe('1.14.0\n');
    });
  });

  it('take keys: reset, frames by hand, states, fast forward, quit', () =>
    withDoor({}, async (client, running) => {
      const { console } = running;
      while (console.frame < 5) await client.ask('VERSION');
      await client.ask('FRAMEADVANCE\nVERSION');
      expect(console.paused).toBe(true);
      const { frame } = console;
      await client.ask('SAVE_STATE\nFRAMEADVANCE\nFRAMEADVANCE\nVERSION');
      expect(console.frame).toBe(frame + 2);
      await client.ask('LOAD_STATE\nVERSION');
      expect(console.frame).toBe(frame);
      await client.ask('RESET\nFAST_FORWARD\nFRAMEADVANCE\nVERSION');
      expect(console.memory.wram[0x1016]).toBe(2);
      await client.send('QUIT');
      await expect.poll(() => running.running).toBe(false);
    }));
});

describe("RetroArch's faults", () => {
  /** Which of 200 reads were answered, in order. */
  const answered = async (fault: ConsoleFault, enough: (order: readonly number[]) => boolean): Promise<number[]> => {
    await using running = await startConsole({ retroarch: 0, fps: 'manual', faults: [fault], seed: 3 });
    await using client = await DatagramClient.to(running.ports.retroarch ?? 0);
    for (let n = 0; n < 200; n++) await client.send(`READ_CORE_MEMORY ${(0x7e0000 + n).toString(16)} 1`);
    const order: number[] = [];
    let marked = false;
    while (!marked || !enough(order)) {
      await client.send('VERSION');
      await running.step(1);
      for (const reply of client.received.splice(0)) {
        if (reply.startsWith('1.14')) marked = true;
        else order.push(Number.parseInt(reply.split(' ')[1] ?? '', 16) - 0x7e0000);
      }
    }
    return order;
  };
  const inOrder = Array.from({ length: 200 }, (_, n) => n);

  it('lose datagrams', async () => {
    const order = await answered('retroarch-loss', () => true);
    expect(order.length).toBeLessThan(200);
    expect(order).toEqual(inOrder.filter((n) => order.includes(n)));
  });

  it('double datagrams', async () => {
    const order = await answered('retroarch-duplicates', () => true);
    expect(order.length).toBeGreaterThan(200);
    expect([...new Set(order)]).toEqual(inOrder);
  });

  it('delay datagrams, so that others overtake them', async () => {
    const order = await answered('retroarch-delays', ({ length }) => length === 200);
    expect(order.toSorted((a, b) => a - b)).toEqual(inOrder);
    expect(order).not.toEqual(inOrder);
  });

  it('start RetroArch again every 1200 frames, with its save RAM', async () => {
    const power: string[] = [];
    let again = (): void => {};
    const restarted = new Promise<void>((resolve) => {
      again = resolve;
    });
    const onPower = (what: string): void => {
      power.push(what);
      if (power.length === 3) again();
    };
    const rom = buildCartridge({ mapping: 'lorom', slotName: 'Ana', autoplay: 100 });
    await withDoor({ rom, fps: 'max', faults: ['retroarch-restarts'], onPower }, async (client, running) => {
      await restarted;
      expect(power).toEqual(['started', 'quit', 'started']);
      expect(running.battery[8]).not.toBe(0);
      expect(await client.ask('VERSION')).toBe('1.14.0\n');
    });
  });
});
