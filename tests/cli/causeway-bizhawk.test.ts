import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from '@causeway/testbed/emulator';
import { readGameRom, stampRom } from '@causeway/testbed/game';
import { startServer } from '@causeway/testbed/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.js';
import { coinRoom } from './emberwalk-room.js';
import { finish, RunningCommand } from './running-command.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const MODULE = path('./emberwalk-module.ts');
const PASSWORD = 'correct horse/battery';

const romFor = (slotName: string): Uint8Array => stampRom(readGameRom(), { slotName });
const logFolder = (): string => mkdtempSync(join(tmpdir(), 'causeway-cli-'));

/** Listens, and answers whatever comes with one line. */
const answering = async (line: string): Promise<{ readonly uri: string } & AsyncDisposable> => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.write(line));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    uri: `bizhawk://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
};

describe('without an emulator', () => {
  test('--help and --version are 0, on stdout', async () => {
    const help = await finish(['--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('connector');
    const { version } = JSON.parse(readFileSync(path('../../packages/bizhawk-bridge/package.json'), 'utf8'));
    expect(await finish(['--version'])).toEqual({ code: 0, out: `causeway-bizhawk ${version}\n`, err: '' });
  });

  test('an unknown verb is 2', async () => {
    const { code, out, err } = await finish(['frobnicate']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('There are run, devices, info, read, write, watch, connector.');
  });

  test('a device that is not there is 3', async () => {
    const { code, out, err } = await finish(['info', '--device', `bizhawk://127.0.0.1:${await freePort()}`]);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err.trimEnd().split('\n')).toHaveLength(3);
  });

  test('a connector of another protocol is 5', async () => {
    await using other = await answering('2\n');
    const { code, err } = await finish(['info', '--device', other.uri]);
    expect(code).toBe(5);
    expect(err).toContain('error: device_incompatible');
  });

  test('a program that is no connector is said to be none', async () => {
    await using web = await answering('HTTP/1.1 400 Bad Request\r\n\r\n');
    const { code, err } = await finish(['info', '--device', web.uri]);
    expect(code).toBe(3);
    expect(err).toContain('error: device_foreign');
  });

  test.each(['bizhawk', 'fceux'])('connector prints the script for %s, steps apart', async (emulator) => {
    const { code, out, err } = await finish(['connector', '--emulator', emulator]);
    expect(code).toBe(0);
    expect(out).toBe(readFileSync(path(`../../lua/causeway-${emulator}.lua`), 'utf8'));
    expect(err).toContain('Load the game.');
  });

  test('connector --copy copies it', async () => {
    const folder = join(logFolder(), 'new', 'folder');
    const { code, out, err } = await finish(['connector', '--copy', folder]);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain(join(folder, 'causeway-bizhawk.lua'));
    expect(readdirSync(folder)).toEqual(['causeway-bizhawk.lua']);
  });

  test('the installed program says what to do when it is not built, and is the same when it is', async () => {
    const built = existsSync(path('../../packages/bizhawk-bridge/dist/main.js'));
    const { code, out, err } = await finish(['--version'], {
      program: ['packages/bizhawk-bridge/bin/causeway-bizhawk.mjs'],
    });
    if (built) expect({ code, out: out.split(' ')[0] }).toEqual({ code: 0, out: 'causeway-bizhawk' });
    else expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('npm run build') });
  });
});

describe('with an emulator', () => {
  let emulator: Emulator;
  let device: string[];

  beforeAll(async () => {
    emulator = await startEmulator({ rom: romFor('Ana'), port: 0 });
    device = ['--device', `bizhawk://127.0.0.1:${await emulator.ready}`];
  });
  afterAll(() => emulator.close());

  test('devices finds it by the port the script was given', async () => {
    const { code, out } = await finish(['devices', '--json'], { env: { CAUSEWAY_PORT: String(emulator.port) } });
    expect(code).toBe(0);
    const found = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(found).toContainEqual(
      expect.objectContaining({ uri: `bizhawk://127.0.0.1:${emulator.port}`, state: 'ready', system: 'NES' }),
    );
  });

  test('info names system, memory and abilities', async () => {
    const { code, out, err } = await finish(['info', '--json', ...device]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      system: 'NES',
      domains: expect.arrayContaining([{ name: 'RAM', size: 2048 }]),
      capabilities: expect.arrayContaining(['atomicBatch']),
    });
  });

  test('read, write and guards reach its memory', async () => {
    const place = ['System Bus', '0x6100'];
    expect((await finish(['write', ...place, 'c0ffee', ...device])).code).toBe(0);
    const read = await finish(['read', ...place, '3', '--json', ...device]);
    expect(read).toMatchObject({ code: 0, out: '{"domain":"System Bus","address":24832,"size":3,"hex":"c0ffee"}\n' });
    const refused = await finish(['write', ...place, '00', '--guard', 'WRAM:0x100:c1', ...device]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('WRAM:0x100 is c0, not c1.');
    const dump = await finish(['read', 'WRAM', '0x100', '3', ...device]);
    expect(dump.out).toMatch(/^0100 {2}c0 ff ee {42}\|\.\.\.\|\n$/);
  });

  test('memory that does not exist is 2', async () => {
    expect(await finish(['read', 'ROM', '0', '1', ...device])).toMatchObject({ code: 2, out: '' });
    expect(await finish(['read', 'RAM', '2047', '2', ...device])).toMatchObject({ code: 2, out: '' });
  });

  test('watch prints pure JSON lines until Ctrl+C, which is 130', async () => {
    await using watch = new RunningCommand(['watch', 'WRAM:0x200:u8:mark', '--json', ...device]);
    await watch.shows('"mark"');
    expect((await finish(['read', 'RAM', '0', '1', ...device])).code).toBe(3);
    watch.interrupt();
    expect(await watch.ended).toBe(130);
    expect(watch.objects).toEqual([
      expect.objectContaining({ name: 'mark', address: 0x200, frame: expect.any(Number) }),
    ]);
    expect(watch.err).toBe('Stopped.\n');
  });

  test('watch | head ends with 0', async () => {
    await using watch = new RunningCommand(['watch', 'RAM:0:bytes[256]', ...device]);
    await watch.shows('RAM:0x0');
    watch.hangUp();
    expect(await watch.ended).toBe(0);
  });

  test('read | head ends in silence, with more to say than a pipe holds', async () => {
    await using read = new RunningCommand(['read', 'PRG ROM', '0', '0x8000', ...device]);
    await read.shows('0010');
    read.hangUp();
    expect(await read.ended).toBe(0);
    expect(read.err).toBe('');
  });

  test('watch outlives the emulator and finds it again', async () => {
    const own = await startEmulator({ rom: romFor('Ana'), port: 0 });
    const port = await own.ready;
    await using watch = new RunningCommand([
      'watch',
      'WRAM:0x300:u8',
      '--json',
      '--device',
      `bizhawk://127.0.0.1:${port}`,
    ]);
    await watch.shows('WRAM:0x300');
    await own.kill();
    await watch.shows('device lost');
    await using _again = await startEmulator({ rom: romFor('Ana'), port });
    await watch.shows('device found');
    watch.interrupt();
    expect(await watch.ended).toBe(130);
  });
});

describe('run', () => {
  test('plays a game into a room, and tells it in pure JSON lines', async () => {
    await using server = await startServer({ room: coinRoom() });
    await using emulator = await startEmulator({ rom: romFor('Ana'), port: 0, fps: 240 });
    const uri = `bizhawk://127.0.0.1:${await emulator.ready}`;
    const argv = ['run', '--device', uri, '--server', server.url, '--module', MODULE, '--json'];
    await using run = new RunningCommand(argv, { env: { CAUSEWAY_LOG_DIR: logFolder() } });
    await run.shows('"server.connected"');
    server.console('/send Ana Coin');
    await run.shows('"item.received"');
    await run.shows('"item.delivered"');
    await run.shows('"location.checked"');
    run.interrupt();
    expect(await run.ended).toBe(130);
    const events = run.objects;
    const names = events.map(({ event }) => event);
    expect(names.slice(0, 4)).toEqual(['device.connected', 'rom.identified', 'game.selected', 'server.connected']);
    expect(events.find(({ event }) => event === 'server.connected')).toMatchObject({ slot: 'Ana', game: 'Emberwalk' });
    expect(events.find(({ event }) => event === 'item.received')).toMatchObject({ index: 0, name: 'Coin' });
    expect(events.find(({ event }) => event === 'item.delivered')).toMatchObject({
      index: 0,
      name: 'Coin',
      again: false,
    });
    for (const { time } of events) expect(Number.isNaN(Date.parse(String(time)))).toBe(false);
  });

  test('a room that wants a password gets it, and nobody else does', async () => {
    await using server = await startServer({ room: coinRoom(), password: PASSWORD });
    await using emulator = await startEmulator({ rom: romFor('Ana'), port: 0 });
    const folder = logFolder();
    const uri = `bizhawk://127.0.0.1:${await emulator.ready}`;
    const argv = ['run', '--device', uri, '--server', server.url, '--module', MODULE, '--log-level', 'debug'];
    const env = { CAUSEWAY_LOG_DIR: folder, CAUSEWAY_PASSWORD: PASSWORD };
    await using run = new RunningCommand(argv, { env });
    await run.shows('connected as Ana');
    run.interrupt();
    expect(await run.ended).toBe(130);
    expect(run.out).toBe('');
    const log = readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8');
    expect(log).toContain('server.connected');
    expect(run.err + log).not.toContain(PASSWORD);
  });

  test('a wrong password is 4', async () => {
    await using server = await startServer({ room: coinRoom(), password: PASSWORD });
    await using emulator = await startEmulator({ rom: romFor('Ana'), port: 0 });
    const uri = `bizhawk://127.0.0.1:${await emulator.ready}`;
    const argv = ['run', '--device', uri, '--server', server.url, '--module', MODULE, '--json'];
    const env = { CAUSEWAY_LOG_DIR: logFolder(), CAUSEWAY_PASSWORD: 'battery staple' };
    const { code, out, err } = await finish(argv, { env });
    expect(code).toBe(4);
    expect(err).toContain('error: server_refused_password');
    const codes = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === 'error');
    expect(codes).toEqual([expect.objectContaining({ code: 'server_refused_password' })]);
  });

  test('a ROM no module knows is 5', async () => {
    await using server = await startServer({ room: coinRoom() });
    await using emulator = await startEmulator({ rom: romFor('Ana'), port: 0 });
    const uri = `bizhawk://127.0.0.1:${await emulator.ready}`;
    const argv = ['run', '--device', uri, '--server', server.url];
    const { code, err } = await finish(argv, { env: { CAUSEWAY_LOG_DIR: logFolder() } });
    expect(code).toBe(5);
    expect(err).toContain('error: rom_not_recognised');
  });
});
