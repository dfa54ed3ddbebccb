import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@causeway/bridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCore, findProgram } from './find-retroarch.js';
import { type LaunchRetroArchOptions, launchRetroArch } from './launch-retroarch.js';
import { settingsText } from './settings.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causeway-launch-'));
  await writeFile(join(folder, 'game.sfc'), 'game');
  await writeFile(join(folder, 'core.so'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

const freePort = async (): Promise<number> => {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
};

/** A program that behaves as told, in place of RetroArch. Its settings are in `process.argv[4]`. */
const program = async (name: string, code: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, `#!${process.execPath}\n${code}`);
  await chmod(path, 0o755);
  return path;
};

/** Answers as RetroArch does; `crc` of what it claims to run. CRC-32 of `game` is 232b318c. */
const answering = (crc: string, { onTerm = 'process.exit(0)', version = '1.14.0' } = {}): string => `
  const text = require('fs').readFileSync(process.argv[4], 'utf8');
  const port = Number(/network_cmd_port = "(\\d+)"/.exec(text)[1]);
  const socket = require('dgram').createSocket({ type: 'udp4', reuseAddr: true }).bind(port);
  socket.on('message', (bytes, from) => {
    for (const line of String(bytes).split('\\n')) {
      const reply = line === 'VERSION' ? '${version}\\n' : 'GET_STATUS PLAYING super_nes,game,crc32=${crc}\\n';
      socket.send(reply, from.port, from.address);
    }
  });
  process.on('SIGTERM', () => { ${onTerm} });
`;

const launch = async (options: Partial<LaunchRetroArchOptions> & { readonly program: string }) =>
  launchRetroArch({
    content: join(folder, 'game.sfc'),
    core: join(folder, 'core.so'),
    folder: join(folder, 'play'),
    port: await freePort(),
    headless: true,
    timeoutMs: 10_000,
    ...options,
  });

describe.skipIf(process.platform === 'win32')('launching', () => {
  it('waits until this very game runs, and stops it in order', async () => {
    const running = await launch({ program: await program('good', answering('232b318c')) });
    expect(running.pid).toBeGreaterThan(0);
    expect(running.uri).toMatch(/^retroarch:\/\/127\.0\.0\.1:\d+$/);
    expect(await running.stop()).toEqual({ code: 0, signal: null });
    expect(await running.kill()).toEqual({ code: 0, signal: null });
    await running[Symbol.asyncDispose]();
  });

  it('ends one that does not stop when asked', async () => {
    // What it waits for is five seconds; here they pass at once.
    const clock: Clock = {
      ...systemClock,
      after: (ms, callback) => systemClock.after(ms === 5_000 ? 1 : ms, callback),
    };
    const running = await launch({ program: await program('stubborn', answering('232b318c', { onTerm: '' })), clock });
    expect(await running.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('refuses another game, and leaves nothing running', async () => {
    const pid = join(folder, 'pid');
    const code = `require('fs').writeFileSync('${pid}', String(process.pid));${answering('1')}`;
    const other = launch({ program: await program('other', code) });
    await expect(other).rejects.toMatchObject({
      code: 'emulator_failed',
      message: expect.stringContaining('its checksum is 00000001, not 232b318c'),
    });
    const started = Number(await readFile(pid, 'utf8'));
    expect(() => process.kill(started, 0)).toThrow('ESRCH');
  });

  it('refuses a RetroArch that is too old, at once', async () => {
    const old = launch({ program: await program('old', answering('232b318c', { version: '1.9.1' })) });
    await expect(old).rejects.toMatchObject({ code: 'device_incompatible' });
  });

  it('says that it ended at once, and where its words are', async () => {
    const error: unknown = await launch({
      program: await program('broken', 'console.error("no display"); process.exit(3);'),
    }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'emulator_failed', message: expect.stringContaining('exit code 3') });
    expect(await readFile((error as { context: { log: string } }).context.log, 'utf8')).toContain('no display');
  });

  it('gives up one that never answers', async () => {
    const silent = launch({ program: await program('silent', 'setInterval(() => {}, 1000)'), timeoutMs: 300 });
    await expect(silent).rejects.toThrow(/does not run the game after 300 ms/);
  });

  it('stops waiting when told to', async () => {
    const controller = new AbortController();
    const path = await program('quiet', 'setInterval(() => {}, 1000)');
    const waiting = launch({ program: path, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('starts nothing on a port that is taken', async () => {
    const socket = createSocket('udp4').bind(0);
    await once(socket, 'listening');
    const taken = launch({ program: await program('never', answering('232b318c')), port: socket.address().port });
    await expect(taken).rejects.toMatchObject({ code: 'port_in_use' });
    socket.close();
  });

  it('says what is missing', async () => {
    const good = await program('fine', answering('232b318c'));
    await expect(launch({ program: good, content: join(folder, 'none') })).rejects.toMatchObject({
      code: 'file_unreadable',
    });
    await expect(launch({ program: join(folder, 'none') })).rejects.toThrow(/was not found/);
    await expect(launch({ program: good, core: 'no_such' })).rejects.toThrow(/core no_such is not installed/);
  });
});

it.skipIf(process.platform === 'win32')('finds programs in PATH and cores where the user has them', async () => {
  const cores = join(folder, 'config', 'retroarch', 'cores');
  await mkdir(cores, { recursive: true });
  const file = join(cores, `mine_libretro.${process.platform === 'darwin' ? 'dylib' : 'so'}`);
  await writeFile(file, '');
  const env = { PATH: `/nowhere:${folder}`, HOME: folder, XDG_CONFIG_HOME: join(folder, 'config') };
  expect(findCore('mine', env)).toBe(file);
  expect(findCore('mine', { LIBRETRO_DIRECTORY: cores })).toBe(file);
  const path = await program('retro', '');
  expect(findProgram('retro', env)).toBe(path);
  expect(() => findProgram('retro', {})).toThrow(expect.objectContaining({ code: 'emulator_failed' }));
});

it('leaves the player’s own settings alone but for what would stop the game', () => {
  const common = { port: 55_400, folder: '/a "b"', coreFolder: '/cores' };
  const text = settingsText({ ...common, headless: false });
  for (const line of [
    'network_cmd_enable = "true"',
    'network_cmd_port = "55400"',
    'pause_nonactive = "false"',
    'quit_press_twice = "false"',
    'config_save_on_exit = "false"',
    'autosave_interval = "10"',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).not.toContain('driver');
  expect(text).not.toMatch(/"[^"\n]*"[^"\n]+"/);
  expect(settingsText({ ...common, headless: true })).toContain('video_driver = "null"');
});
