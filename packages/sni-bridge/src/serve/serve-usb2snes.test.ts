import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { CausewayError } from '@causeway/protocol/errors';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ServeUsb2SnesOptions, serveUsb2Snes, type Usb2SnesServer } from './serve-usb2snes.js';
import { MemoryConsole } from './testing/memory-console.js';
import { TestClient } from './testing/test-client.js';

const WRAM = 0xf5_0000;
const SRAM = 0xe0_0000;
const GOODBYE = 1000;

let consoles: MemoryConsole;
let servers: Usb2SnesServer[];

const serve = async (options: Partial<ServeUsb2SnesOptions> = {}): Promise<Usb2SnesServer> => {
  const server = await serveUsb2Snes({ device: consoles.device, port: 0, ...options });
  servers.push(server);
  return server;
};

beforeEach(() => {
  consoles = new MemoryConsole();
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await consoles.device.close();
});

const wram = (): Uint8Array => consoles.memory.get('WRAM') ?? new Uint8Array();

describe('a client', () => {
  test('finds, attaches and asks', async () => {
    const { url } = await serve({ version: '1.2.3' });
    const client = await TestClient.open(url);
    expect(await client.ask('AppVersion')).toEqual(['Causeway-1.2.3 (serves like SNI)']);
    expect(await client.ask('DeviceList')).toEqual(['test://console']);
    client.send('Name', 'Tracker');
    client.send('Attach', 'test://console');
    const info = [
      'Test 1.0',
      'test://console',
      'TEST GAME',
      'NO_FILE_CMD',
      'NO_CONTROL_CMD',
      'NO_ROM_WRITE',
      'NO_WRITE',
    ];
    expect(await client.ask('Info')).toEqual(info);
    expect(client.texts).toEqual([]);
  });

  test('reads all memories by their addresses, ranges in order', async () => {
    const client = await TestClient.attached((await serve()).url);
    const read = await client.get(
      { address: WRAM + 16, size: 4 },
      { address: 0x7fc0, size: 21 },
      { address: SRAM, size: 2 },
    );
    const rom = consoles.memory.get('ROM') ?? [];
    const sram = consoles.memory.get('SRAM') ?? [];
    expect([...read]).toEqual([...wram().subarray(16, 20), ...rom.slice(0x7fc0, 0x7fc0 + 21), ...sram.slice(0, 2)]);
  });

  test('gets zeros behind the end of cartridge memory, as elsewhere', async () => {
    const client = await TestClient.attached((await serve()).url);
    const sram = consoles.memory.get('SRAM') ?? new Uint8Array();
    expect(await client.get({ address: SRAM + 0x1ffe, size: 4 })).toEqual(Uint8Array.of(...sram.slice(-2), 0, 0));
    expect(await client.get({ address: 0x20_0000, size: 2 })).toEqual(Uint8Array.of(0, 0));
  });

  test('gets large reads in one piece of the stream', async () => {
    const client = await TestClient.attached((await serve()).url);
    expect(await client.get({ address: WRAM, size: 0x2_0000 })).toEqual(wram());
    expect(Math.max(...consoles.exchanges.map((exchange) => exchange.length))).toBeLessThanOrEqual(4);
  });

  test('is not answered what no server answers', async () => {
    const client = await TestClient.attached((await serve()).url);
    client.send('Stream');
    client.socket.send('{"Opcode":"Whatever"}');
    expect(await client.ask('AppVersion')).toHaveLength(1);
    expect(client.texts).toEqual([]);
  });

  test('may send requests ahead and gets the answers in order', async () => {
    const client = await TestClient.attached((await serve()).url);
    for (let offset = 0; offset < 64; offset++) client.send('GetAddress', (WRAM + offset * 256).toString(16), '1');
    client.send('Info');
    const read = await client.take(64);
    expect([...read]).toEqual(Array.from({ length: 64 }, (_, index) => wram()[index * 256]));
    expect(consoles.exchanges.length).toBeLessThan(16);
  });

  test('leaves with Close, and gets what it asked for before', async () => {
    const client = await TestClient.attached((await serve()).url);
    client.send('GetAddress', 'F50000', '4');
    client.send('Close');
    client.send('Reset');
    expect(await client.take(4)).toEqual(wram().slice(0, 4));
    expect(await client.closed).toEqual({ code: GOODBYE, reason: '' });
  });
});

describe('what closes the socket, with words', () => {
  test.each<[string, (client: TestClient) => void, RegExp]>([
    ['a request before Attach', (client) => client.send('Info'), /Attach/],
    ['a name that is not listed', (client) => client.send('Attach', 'SD2SNES COM3'), /no device/],
    ['no JSON', (client) => client.socket.send('{'), /JSON/],
    ['bytes nobody announced', (client) => client.socket.send(Uint8Array.of(1)), /announced/],
  ])('%s', async (_name, act, words) => {
    const client = await TestClient.open((await serve()).url);
    act(client);
    const { code, reason } = await client.closed;
    expect(code).toBe(GOODBYE);
    expect(reason).toMatch(words);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['GetAddress', ['F50000', '0'], /no bytes/],
    ['GetAddress', ['F50000'], /pairs/],
    ['GetAddress', ['$50000', '1'], /hexadecimal/],
    ['GetAddress', ['F70000', '1'], /no memory at F70000/],
    ['GetAddress', ['F00000', '1'], /no memory/],
    ['GetAddress', ['0', '50000'], /More than/],
    ['PutAddress', ['F50000', '1'], /read-only/],
    ['Reset', [], /not possible/],
    ['Menu', [], /not possible/],
    ['List', ['/'], /not possible/],
  ])('%s %j', async (opcode, operands, words) => {
    const client = await TestClient.attached((await serve()).url);
    client.send(opcode as 'GetAddress', ...operands);
    const { code, reason } = await client.closed;
    expect(code).toBe(GOODBYE);
    expect(reason).toMatch(words);
  });

  test('behind the answers to what was asked before it, and before what comes after it', async () => {
    const client = await TestClient.attached((await serve({ write: true })).url);
    client.send('GetAddress', 'F50000', '4');
    client.put({ address: WRAM + 0x100, size: 2 }, Uint8Array.of(7, 8));
    client.send('Reset');
    client.put({ address: WRAM + 0x200, size: 1 }, Uint8Array.of(wram()[0x200] === 1 ? 2 : 1));
    const untouched = wram()[0x200];
    expect(await client.take(4)).toEqual(wram().slice(0, 4));
    expect((await client.closed).reason).toMatch(/not possible/);
    expect([...wram().slice(0x100, 0x102)]).toEqual([7, 8]);
    expect(wram()[0x200]).toBe(untouched);
  });

  test('a space we do not have', async () => {
    const client = await TestClient.attached((await serve()).url);
    client.socket.send('{"Opcode":"GetAddress","Space":"CMD","Operands":["2C00","1"]}');
    expect((await client.closed).reason).toMatch(/no space CMD/);
  });

  test('a message beyond all measure, by the code that belongs to it', async () => {
    const client = await TestClient.attached((await serve()).url);
    client.socket.send(new Uint8Array(1024 * 1024));
    expect((await client.closed).code).toBe(1009);
  });

  test("one client's fault is not another's", async () => {
    const { url } = await serve();
    const [bad, good] = await Promise.all([TestClient.attached(url), TestClient.attached(url)]);
    consoles.broken = { domain: 'WRAM', offset: 99, error: new CausewayError('batch_step_failed', 'Not readable.') };
    bad.send('GetAddress', (WRAM + 99).toString(16), '1');
    const read = await good.get({ address: WRAM, size: 4 });
    expect(read).toEqual(wram().slice(0, 4));
    expect(await bad.closed).toEqual({ code: GOODBYE, reason: 'Not readable.' });
    expect(await good.get({ address: WRAM, size: 4 })).toEqual(wram().slice(0, 4));
  });
});

describe('writes', () => {
  test('reach memory when they are allowed, and are read back', async () => {
    const client = await TestClient.attached((await serve({ write: true })).url);
    client.put({ address: WRAM + 0x100, size: 3 }, Uint8Array.of(1, 2, 3));
    expect(await client.get({ address: WRAM + 0x100, size: 3 })).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('may come in pieces, and several ranges at once', async () => {
    const client = await TestClient.attached((await serve({ write: true })).url);
    client.send('PutAddress', 'F50000', '2', 'E00000', '3');
    for (const byte of [1, 2, 3, 4, 5]) client.socket.send(Uint8Array.of(byte));
    await client.ask('Info');
    expect([...wram().slice(0, 2), ...(consoles.memory.get('SRAM') ?? []).slice(0, 3)]).toEqual([1, 2, 3, 4, 5]);
  });

  test.each<[string, (client: TestClient) => void, RegExp]>([
    ['into ROM', (client) => client.put({ address: 0, size: 1 }, Uint8Array.of(1)), /writes no ROM/],
    ['behind memory', (client) => client.put({ address: SRAM + 0x1fff, size: 2 }, Uint8Array.of(1, 2)), /at E02000/],
    [
      'with more bytes than announced',
      (client) => client.put({ address: WRAM, size: 1 }, Uint8Array.of(1, 2)),
      /More bytes/,
    ],
    [
      'with a request among their bytes',
      (client) => {
        client.send('PutAddress', 'F50000', '2');
        client.send('Info');
      },
      /in the middle/,
    ],
  ])('are refused %s', async (_name, act, words) => {
    const client = await TestClient.attached((await serve({ write: true })).url);
    const before = wram().slice(0, 4);
    act(client);
    expect((await client.closed).reason).toMatch(words);
    expect(wram().slice(0, 4)).toEqual(before);
  });
});

describe('several clients', () => {
  test('are counted', async () => {
    const counts: number[] = [];
    const server = await serve({ onClients: (count) => counts.push(count) });
    const client = await TestClient.open(server.url);
    await client.ask('AppVersion');
    expect(server.clients).toBe(1);
    client.socket.close();
    await client.closed;
    await server.close();
    expect(counts).toEqual([1, 0]);
  });
});

describe('a flood', () => {
  test('of questions whose answers nobody takes is held back, and others are served meanwhile', async () => {
    const { url } = await serve();
    const [deaf, other] = await Promise.all([TestClient.attached(url), TestClient.attached(url)]);
    deaf.socket.pause();
    for (let request = 0; request < 2000; request++) deaf.send('GetAddress', WRAM.toString(16), '8000');
    const floodBytes = (): number =>
      consoles.exchanges
        .flat()
        .map((region) => ('size' in region ? region.size : 0))
        .filter((size) => size > 1)
        .reduce((sum, size) => sum + size, 0);
    // Standstill: the other client's questions are answered, one after the other, and the flood gets no further.
    let still = 0;
    for (let before = -1; still < 20; before = floodBytes()) {
      still = before === floodBytes() && before > 0 ? still + 1 : 0;
      await other.get({ address: WRAM + 0xffff, size: 1 });
    }
    // 64 MiB were asked for; what was read is what the socket's buffers hold.
    expect(floodBytes()).toBeLessThan(16 * 1024 * 1024);
    deaf.socket.terminate();
  });

  test('of pings whose echoes nobody takes is held back like any other', async () => {
    const { url } = await serve();
    const [deaf, other] = await Promise.all([TestClient.attached(url), TestClient.attached(url)]);
    deaf.socket.pause();
    const payload = new Uint8Array(125);
    for (let ping = 0; ping < 200_000; ping++) deaf.socket.ping(payload);
    // Standstill, in the time of the other client's questions: the server reads no more than it can answer.
    let still = 0;
    for (let before = -1; still < 50; before = deaf.socket.bufferedAmount) {
      still = before === deaf.socket.bufferedAmount ? still + 1 : 0;
      await other.get({ address: WRAM, size: 1 });
    }
    expect(deaf.socket.bufferedAmount).toBeGreaterThan(0);
    deaf.socket.resume();
    await expect.poll(() => deaf.socket.bufferedAmount, { timeout: 20_000 }).toBe(0);
    expect(await deaf.get({ address: WRAM, size: 1 })).toEqual(wram().slice(0, 1));
  });

  test('of nonsense ends in a closed socket, never in a dead server', async () => {
    const server = await serve({ write: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string(), fc.json(), fc.uint8Array()), { maxLength: 8 }),
        async (messages) => {
          const client = await TestClient.attached(server.url);
          for (const message of messages) client.socket.send(message);
          client.socket.close();
          await client.closed;
        },
      ),
      { numRuns: 50 },
    );
    const client = await TestClient.attached(server.url);
    expect(await client.get({ address: WRAM, size: 1 })).toEqual(wram().slice(0, 1));
  });
});

describe('the console', () => {
  test('that is lost closes who asks; another one is served to who comes then', async () => {
    const source: { current: MemoryConsole['device'] | undefined } = { current: consoles.device };
    const { url } = await serve({ device: source });
    const client = await TestClient.attached(url);
    consoles.lose({ reason: 'lost', error: new CausewayError('device_lost', 'Gone.') });
    await consoles.device.closed;
    expect(await client.ask('DeviceList')).toEqual([]);
    client.send('GetAddress', 'F50000', '1');
    expect(await client.closed).toEqual({ code: GOODBYE, reason: 'No console is connected.' });
    const next = new MemoryConsole();
    source.current = next.device;
    const again = await TestClient.attached(url);
    expect(await again.get({ address: WRAM, size: 1 })).toEqual(next.memory.get('WRAM')?.slice(0, 1));
    await next.device.close();
  });

  test('that is lost with a question under way is said to be, in its own words', async () => {
    const client = await TestClient.attached((await serve()).url);
    consoles.gate = new Promise(() => {});
    client.send('GetAddress', 'F50000', '1');
    await expect.poll(() => consoles.exchanges.length).toBe(1);
    consoles.lose({ reason: 'lost', error: new CausewayError('device_lost', 'RetroArch is gone.') });
    expect(await client.closed).toEqual({ code: GOODBYE, reason: 'RetroArch is gone.' });
  });

  test("that comes back with another system's game is none to serve", async () => {
    const source: { current: MemoryConsole['device'] | undefined } = { current: consoles.device };
    const { url } = await serve({ device: source });
    const client = await TestClient.attached(url);
    const other = new MemoryConsole({ system: 'GB' });
    source.current = other.device;
    expect(await client.ask('DeviceList')).toEqual([]);
    client.send('GetAddress', 'F50000', '1');
    expect(await client.closed).toEqual({ code: GOODBYE, reason: 'No console is connected.' });
    expect(other.exchanges).toEqual([]);
    await other.device.close();
  });

  test('must be a SNES', async () => {
    const other = { ...consoles.device, info: { ...consoles.device.info, system: 'NES' } };
    await expect(serve({ device: other as unknown as MemoryConsole['device'] })).rejects.toMatchObject({
      code: 'device_unsupported',
    });
  });
});

describe('the door', () => {
  const status = async (url: string, headers: Record<string, string>): Promise<number> => {
    const client = new TestClient(url, headers);
    return new Promise((resolve) => {
      client.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      client.socket.on('open', () => {
        client.socket.close();
        resolve(101);
      });
    });
  };

  test('is shut for web pages that are not listed, and for names that are not ours', async () => {
    const { url } = await serve({ allowOrigins: ['https://Tracker.example'] });
    expect(await status(url, {})).toBe(101);
    expect(await status(url, { origin: 'https://tracker.example' })).toBe(101);
    expect(await status(url, { origin: 'https://evil.example' })).toBe(403);
    expect(await status(url, { origin: 'http://localhost' })).toBe(403);
    expect(await status(url, { origin: 'null' })).toBe(403);
    expect(await status(url, { host: 'evil.example:23074' })).toBe(403);
    expect(await status(url, { host: 'localhost:23074' })).toBe(101);
  });

  test('tells a browser what this is', async () => {
    const { port } = await serve();
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.status).toBe(426);
    expect(await response.text()).toContain('usb2snes');
  });

  test('lets nobody stand in it for ever', async () => {
    const server = await serve();
    const half = connect(server.port, '127.0.0.1');
    half.on('error', () => {});
    half.write('GET / HTTP/1.1\r\nHost: local');
    await once(half, 'connect');
    await server.close();
  });

  test('does not wait for those it turned away to hang up', async () => {
    const server = await serve();
    const stubborn = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    stubborn.on('error', () => {});
    const upgrade = ['GET / HTTP/1.1', 'Host: evil.example', 'Connection: Upgrade', 'Upgrade: websocket', '', ''];
    stubborn.write(upgrade.join('\r\n'));
    stubborn.resume();
    await once(stubborn, 'end');
    await server.close();
    stubborn.destroy();
  });

  test('names who holds the port', async () => {
    const first = await serve();
    await expect(serve({ port: first.port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining('Causeway-1 (serves like SNI)'),
      context: { port: first.port },
    });
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(serve({ port })).rejects.toMatchObject({ code: 'port_in_use', context: { port } });
    other.close();
  });

  test('closes twice without a word, and frees the port', async () => {
    const server = await serve();
    const client = await TestClient.open(server.url);
    await Promise.all([server.close(), server.close()]);
    expect(await client.closed).toEqual({ code: GOODBYE, reason: 'The server is going away.' });
    await serve({ port: server.port });
  });
});
