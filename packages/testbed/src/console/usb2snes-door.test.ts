import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ConsoleOptions, RunningConsole } from './console-options.js';
import { startConsole } from './start-console.js';

const RETROARCH = 'ra://127.0.0.1:55355';
const SIGNATURE = [...Buffer.from('MARS')];

/** A usb2snes client without any caution. */
class RawClient implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly messages: (string | Buffer)[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  constructor(port: number) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}`);
    this.socket.on('message', (data: Buffer, binary) => this.messages.push(binary ? data : data.toString()));
    this.socket.on('error', () => {});
    this.closed = once(this.socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  }

  send(opcode: string, operands: readonly string[] = [], space: string | undefined = 'SNES'): void {
    this.sendRaw(JSON.stringify({ Opcode: opcode, ...(space === '' ? {} : { Space: space }), Operands: operands }));
  }

  sendRaw(data: string | Uint8Array): void {
    this.socket.send(data);
  }

  async next(): Promise<string | Buffer> {
    while (this.messages.length === 0) await once(this.socket, 'message');
    return this.messages.shift() ?? '';
  }

  async ask(opcode: string, ...operands: readonly string[]): Promise<readonly string[]> {
    this.send(opcode, operands);
    return (JSON.parse(String(await this.next())) as { Results: string[] }).Results;
  }

  async read(address: number, size: number): Promise<readonly number[]> {
    this.send('GetAddress', [address.toString(16), size.toString(16)]);
    const bytes: number[] = [];
    while (bytes.length < size) bytes.push(...Buffer.from(await this.next()));
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}

const open = async (port: number | undefined, attach?: string): Promise<RawClient> => {
  const client = new RawClient(port ?? 0);
  await once(client.socket, 'open');
  if (attach !== undefined) client.send('Attach', [attach]);
  return client;
};

const withServer = async (options: ConsoleOptions, use: (running: RunningConsole) => Promise<void>): Promise<void> => {
  await using running = await startConsole({ usb2snes: 0, fps: 2000, name: 'Marshlight', ...options });
  await use(running);
};

describe('usb2snes as SNI', () => {
  it('lists, attaches, tells and reads', () =>
    withServer({}, async ({ ports }) => {
      await using client = await open(ports.usb2snes);
      expect(await client.ask('AppVersion')).toEqual(['SNI-v0.0.100']);
      expect(await client.ask('DeviceList')).toEqual([RETROARCH]);
      client.send('Attach', [RETROARCH]);
      expect(await client.ask('Info')).toEqual(['1.14.0', 'RetroArch', 'Marshlight']);
      expect(await client.read(0x7fc0, 4)).toEqual(SIGNATURE);
      client.send('GetAddress', ['7fc0', '2', '7fc2', '2']);
      expect([...Buffer.from(await client.next())]).toEqual(SIGNATURE);
    }));

  it('fills what does not come in one piece with zeros', () =>
    withServer({}, async ({ ports, console }) => {
      await using client = await open(ports.usb2snes, RETROARCH);
      console.memory.wram.fill(9, 0x8000, 0x8010);
      client.send('PutAddress', ['f58000', '4']);
      client.sendRaw(Uint8Array.of(1, 2));
      client.sendRaw(Uint8Array.of(3, 4));
      expect(await client.read(0xf5_8000, 6)).toEqual([1, 2, 0, 0, 9, 9]);
      client.send('PutAddress', ['f58000', '2', 'f58004', '1']);
      client.sendRaw(Uint8Array.of(5, 6, 7));
      expect(await client.read(0xf5_8000, 6)).toEqual([5, 6, 0, 0, 7, 9]);
    }));

  it.each([
    ['no attachment', (client: RawClient) => client.send('Info')],
    ['no space', (client: RawClient) => client.send('AppVersion', [], '')],
    ['an unknown space', (client: RawClient) => client.send('AppVersion', [], 'SPACE')],
    ['no JSON', (client: RawClient) => client.sendRaw('hello')],
    ['an unknown kind of device', (client: RawClient) => client.send('Attach', ['nothing'])],
  ])('closes without a word: %s', (_, wrong) =>
    withServer({}, async ({ ports }) => {
      await using client = await open(ports.usb2snes);
      wrong(client);
      expect(await client.closed).toEqual({ code: 1005, reason: '' });
    }),
  );

  it('ignores unknown opcodes, stray data and reads of nothing; takes spaces in small letters', () =>
    withServer({}, async ({ ports }) => {
      await using client = await open(ports.usb2snes, RETROARCH);
      client.send('Fence');
      client.sendRaw(Uint8Array.of(1));
      client.send('GetAddress', ['0', '0']);
      client.send('AppVersion', [], 'snes');
      expect(await client.next()).toContain('SNI-');
    }));

  it('closes on what RetroArch does not map, and tells nonsense about an emulator that is gone', () =>
    withServer({ mapping: 'hirom' }, async (running) => {
      await using client = await open(running.ports.usb2snes, RETROARCH);
      client.send('GetAddress', ['e00000', '4']);
      expect(await client.closed).toMatchObject({ code: 1005 });
      await using other = await open(running.ports.usb2snes, RETROARCH);
      await running.kill();
      expect(await other.ask('DeviceList')).toEqual([]);
      expect(await other.ask('Info')).toEqual(['1.9.0-usb-v9', 'SD2SNES', 'No Info']);
      other.send('GetAddress', ['f50000', '4']);
      await other.closed;
      await running.restart();
      await using third = await open(running.ports.usb2snes, RETROARCH);
      expect(await third.read(0xffc0, 4)).toEqual(SIGNATURE);
    }));
});

describe('usb2snes as QUsb2Snes', () => {
  const q = { personality: 'qusb2snes', servedAs: 'nwa' } as const;
  const NAME = 'EmuNWA Localhost';

  it('lists, attaches, tells and reads, a message for each range', () =>
    withServer(q, async ({ ports }) => {
      await using client = await open(ports.usb2snes);
      expect(await client.ask('AppVersion')).toEqual(['QUsb2Snes-0.7.35']);
      expect(await client.ask('DeviceList')).toEqual([NAME]);
      client.send('Attach', [NAME]);
      expect(await client.ask('Info')).toEqual([
        '1',
        'EmuNWA',
        'Marshlight',
        'NO_FILE_CMD',
        'NO_CONTROL_CMD',
        'NO_ROM_WRITE',
      ]);
      client.send('GetAddress', ['7fc0', '2', '7fc2', '2']);
      expect([Buffer.from(await client.next()).length, Buffer.from(await client.next()).length]).toEqual([2, 2]);
    }));

  it.each([
    ['an unknown device', 'unknown device', (client: RawClient) => client.send('Attach', ['nothing'])],
    ['data nobody announced', 'Unannounced', (client: RawClient) => client.sendRaw(Uint8Array.of(1))],
    ['a range of nothing', 'Invalid size', (client: RawClient) => client.send('GetAddress', ['f50000', '0'])],
    ['long ranges', 'Invalid size', (client: RawClient) => client.send('GetAddress', ['f50000', '1', 'f50000', '100'])],
    [
      'more data than announced',
      'More data',
      (client: RawClient) => {
        client.send('PutAddress', ['f50000', '1']);
        client.sendRaw(Uint8Array.of(1, 2));
      },
    ],
    ['a reset', 'support', (client: RawClient) => client.send('Reset')],
  ])('closes and says why: %s', (_, reason, wrong) =>
    withServer(q, async ({ ports }) => {
      await using client = await open(ports.usb2snes, NAME);
      wrong(client);
      expect(await client.closed).toEqual({ code: 1000, reason: expect.stringContaining(reason) });
    }),
  );

  it('reads no LoROM through RetroArch, and says so', () =>
    withServer({ personality: 'qusb2snes' }, async ({ ports }) => {
      await using client = await open(ports.usb2snes, 'RetroArch Localhost');
      expect(await client.ask('Info')).toContain('NO_ROM_READ');
      client.send('GetAddress', ['7fc0', '4']);
      expect(await client.closed).toMatchObject({ code: 1000 });
    }));

  it('ignores bad JSON and spaces it does not know; puts together data that comes in pieces', () =>
    withServer(q, async ({ ports }) => {
      await using client = await open(ports.usb2snes, NAME);
      client.sendRaw('hello');
      client.send('AppVersion', [], 'snes');
      client.send('PutAddress', ['f58000', '4']);
      client.sendRaw(Uint8Array.of(1, 2));
      client.sendRaw(Uint8Array.of(3, 4));
      expect(await client.read(0xf5_8000, 4)).toEqual([1, 2, 3, 4]);
    }));
});

describe('faults of usb2snes servers', () => {
  it('lists: another order each time, and nothing at all every other time', () =>
    withServer({ faults: ['usb2snes-list-reordered'] }, async ({ ports, faults }) => {
      await using client = await open(ports.usb2snes);
      const [first, second] = [await client.ask('DeviceList'), await client.ask('DeviceList')];
      expect(first).toEqual([RETROARCH, 'emunwa://127.0.0.1:48879']);
      expect(second).toEqual([...first].reverse());
      faults.set('usb2snes-list-incomplete', true);
      expect(await client.ask('DeviceList')).toHaveLength(2);
      expect(await client.ask('DeviceList')).toEqual([]);
    }));

  it('messages of 1024 bytes', () =>
    withServer({ faults: ['usb2snes-small-messages'] }, async ({ ports }) => {
      await using client = await open(ports.usb2snes, RETROARCH);
      client.send('GetAddress', ['f50000', '900']);
      const sizes = [];
      for (let count = 0; count < 3; count++) sizes.push((await client.next()).length);
      expect(sizes).toEqual([1024, 1024, 256]);
    }));

  it('wrong bytes in reads over 2048, right ones up to that', () =>
    withServer({ faults: ['usb2snes-long-reads-wrong'] }, async ({ ports, console }) => {
      await using client = await open(ports.usb2snes, RETROARCH);
      const { rom } = console.memory;
      expect(await client.read(0x8000, 2048)).toEqual([...rom.subarray(0x8000, 0x8800)]);
      const wrong = await client.read(0x8000, 2052);
      expect(wrong).toHaveLength(2052);
      expect(wrong.slice(0, 4)).toEqual([...rom.subarray(0x8800, 0x8804)]);
      expect(wrong.slice(4, 8)).toEqual([...rom.subarray(0x8004, 0x8008)]);
    }));

  it('zeros for what is not mapped', () =>
    withServer({ mapping: 'hirom', faults: ['usb2snes-zeros'] }, async ({ ports }) => {
      await using client = await open(ports.usb2snes, RETROARCH);
      expect(await client.read(0xe0_0000, 4)).toEqual([0, 0, 0, 0]);
    }));

  it('everybody thrown out for the mistake of one, and only the one without the fault', () =>
    withServer({ faults: ['usb2snes-closes-all'] }, async ({ ports, faults }) => {
      const clients = [await open(ports.usb2snes, RETROARCH), await open(ports.usb2snes, RETROARCH)];
      clients[0]?.send('GetAddress', ['f70000', '4']);
      await Promise.all(clients.map(({ closed }) => closed));
      faults.set('usb2snes-closes-all', false);
      await using guilty = await open(ports.usb2snes, RETROARCH);
      await using innocent = await open(ports.usb2snes, RETROARCH);
      guilty.send('GetAddress', ['f70000', '4']);
      await guilty.closed;
      expect(await innocent.read(0x7fc0, 4)).toEqual(SIGNATURE);
    }));
});
