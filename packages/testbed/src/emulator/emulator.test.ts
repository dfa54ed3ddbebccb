import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@causeway/bridge';
import { CausewayError } from '@causeway/protocol/errors';
import { afterAll, describe, expect, it } from 'vitest';
import { startEmulator } from './emulator.js';
import type { Emulator, EmulatorOptions } from './emulator-options.js';
import { MemoryMachine } from './memory-machine.js';
import { LineClient } from './test-support/line-client.js';
import { TINY, tinyRom } from './test-support/tiny-rom.js';

const folder = mkdtempSync(join(tmpdir(), 'causeway-emulator-'));
afterAll(() => rmSync(folder, { recursive: true }));

const start = (options: Partial<EmulatorOptions> = {}): Promise<Emulator> =>
  startEmulator({ rom: tinyRom(), port: 0, fps: 'max', ...options });

const join64 = (...bytes: number[]): string => Buffer.from(bytes).toString('base64');

const connected = async (emulator: Emulator): Promise<LineClient> => {
  const client = await LineClient.open(await emulator.ready);
  expect(await client.ask('VERSION')).toBe('1');
  return client;
};

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (CausewayError.is(error) ? error.code : String(error)),
  );

describe('our connector, unchanged, in the hosted emulator', () => {
  it('answers who and what it is', async () => {
    await using emulator = await start();
    await using client = await connected(emulator);
    expect(
      await client.batch(
        { type: 'PING' },
        { type: 'SYSTEM' },
        { type: 'HASH' },
        { type: 'MEMORY_SIZE', domain: 'WRAM' },
        { type: 'READ', address: 0x10fe, size: 4, domain: 'PRG ROM' },
      ),
    ).toEqual([
      { type: 'PONG' },
      { type: 'SYSTEM_RESPONSE', value: 'NES' },
      { type: 'HASH_RESPONSE', value: emulator.machine.rom.hash },
      { type: 'MEMORY_SIZE_RESPONSE', value: 8192 },
      { type: 'READ_RESPONSE', value: join64(0xfe, 0xff, 0, 1) },
    ]);
  });

  it('writes under a guard that holds, and not under one that does not', async () => {
    await using emulator = await start();
    await using client = await connected(emulator);
    const write = (value: number) => ({ type: 'WRITE', address: 0x100, domain: 'WRAM', value: join64(value) });
    const guard = (value: number) => ({
      type: 'GUARD',
      address: 0x100,
      domain: 'WRAM',
      expected_data: join64(value),
    });
    const read = { type: 'READ', address: 0x100, size: 1, domain: 'WRAM' };
    expect(await client.batch(guard(0), write(5), read)).toEqual([
      { type: 'GUARD_RESPONSE', value: true, address: 0x100 },
      { type: 'WRITE_RESPONSE' },
      { type: 'READ_RESPONSE', value: join64(5) },
    ]);
    const refused = { type: 'GUARD_RESPONSE', value: false, address: 0x100 };
    expect(await client.batch(guard(0), write(6), read)).toEqual([refused, refused, refused]);
    expect(await client.batch(read)).toEqual([{ type: 'READ_RESPONSE', value: join64(5) }]);
  });

  it('stops the machine under LOCK and lets it go', async () => {
    await using emulator = await start();
    await using client = await connected(emulator);
    const read = { type: 'READ', address: TINY.frameCounter, size: 1, domain: 'RAM' };
    const [, first] = await client.batch({ type: 'LOCK' }, read);
    const { frame } = emulator;
    for (let i = 0; i < 20; i++) expect(await client.batch(read)).toEqual([first]);
    expect([emulator.frame, emulator.blocked]).toEqual([frame, true]);
    await client.batch({ type: 'UNLOCK' });
    let now = first;
    while (JSON.stringify(now) === JSON.stringify(first)) [now] = await client.batch(read);
    expect(emulator.frame).toBeGreaterThan(frame);
  });

  it('answers 49,122 bytes on one line', async () => {
    await using emulator = await start();
    await using client = await connected(emulator);
    const [answer] = await client.batch({ type: 'READ', address: 0, size: 49_122, domain: 'System Bus' });
    const bytes = Buffer.from(String(answer?.['value']), 'base64');
    expect(bytes.length).toBe(49_122);
    expect(bytes.subarray(0x9000, 0x9100).every((byte, index) => byte === index)).toBe(true);
    expect((await client.batch({ type: 'PING' }))[0]).toEqual({ type: 'PONG' });
  });

  it('goes on answering while paused, without a frame', async () => {
    await using emulator = await start({ fps: 60 });
    await using client = await connected(emulator);
    emulator.pause();
    await client.batch({ type: 'PING' });
    const { frame } = emulator;
    for (let i = 0; i < 3; i++) await client.batch({ type: 'PING' });
    expect(emulator.frame).toBe(frame);
    await emulator.stepFrames(2);
    expect(emulator.frame).toBe(frame + 2);
    emulator.resume();
    await new Promise<void>((done) => {
      emulator.onFrame(() => done());
    });
    expect(emulator.frame).toBeGreaterThan(frame + 2);
  });

  it('serves two emulators at once, each its own memory', async () => {
    await using first = await start();
    await using second = await start({ rom: tinyRom({ title: 'SECOND' }) });
    await using one = await connected(first);
    await using two = await connected(second);
    await one.batch({ type: 'WRITE', address: 0x200, domain: 'WRAM', value: join64(1) });
    await two.batch({ type: 'WRITE', address: 0x200, domain: 'WRAM', value: join64(2) });
    const read = { type: 'READ', address: 0x200, size: 1, domain: 'WRAM' };
    expect((await one.batch(read))[0]?.['value']).toBe(join64(1));
    expect((await two.batch(read))[0]?.['value']).toBe(join64(2));
    expect(first.machine.rom.hash).not.toBe(second.machine.rom.hash);
  });

  it('starts afresh on the same port with another ROM, also out of a lock', async () => {
    await using emulator = await start();
    const port = await emulator.ready;
    await using client = await connected(emulator);
    await client.batch({ type: 'LOCK' });
    await emulator.loadRom(tinyRom({ title: 'OTHER' }));
    expect(await client.line()).toBeUndefined();
    while (emulator.port === undefined) await new Promise((turn) => setImmediate(turn));
    expect(emulator.port).toBe(port);
    await using again = await connected(emulator);
    expect((await again.batch({ type: 'HASH' }))[0]?.['value']).toBe(emulator.machine.rom.hash);
  });

  it('hosts a machine that is memory alone', async () => {
    const machine = new MemoryMachine({
      system: 'GBA',
      rom: { name: 'rig', hash: '0123' },
      domains: [
        { name: 'EWRAM', size: 0x40000, fill: { kind: 'mix', seed: 29 } },
        { name: 'System Bus', size: 0x1000_0000 },
      ],
      windows: [{ domain: 'System Bus', start: 0x0200_0000, length: 0x40000, target: 'EWRAM', offset: 0 }],
      currentDomain: 'System Bus',
    });
    await using emulator = await start({ rom: machine });
    await using client = await connected(emulator);
    const answers = await client.batch(
      { type: 'SYSTEM' },
      { type: 'READ', address: 0x100, size: 4, domain: 'EWRAM' },
      { type: 'WRITE', address: 0x0200_0101, domain: 'System Bus', value: join64(9) },
      { type: 'READ', address: 0x100, size: 4, domain: 'EWRAM' },
    );
    const mixed = [0, 1, 2, 3].map((i) => (73 * (0x100 + i) + 151 + 29) % 256);
    expect(answers.map((answer) => answer['value'])).toEqual([
      'GBA',
      join64(...mixed),
      undefined,
      join64(mixed[0] ?? 0, 9, mixed[2] ?? 0, mixed[3] ?? 0),
    ]);
  });
});

describe('the life of an emulator', () => {
  it('advances by exactly the frames asked for in manual time', async () => {
    await using emulator = await start({ fps: 'manual' });
    const seen: number[] = [];
    const stop = emulator.onFrame((frame) => seen.push(frame));
    await emulator.stepFrames(3);
    stop();
    await emulator.stepFrames(2);
    expect([seen, emulator.frame]).toEqual([[1, 2, 3], 5]);
    await using client = await LineClient.open(await emulator.ready);
    const answer = client.ask('VERSION');
    await emulator.stepFrames(3);
    expect(await answer).toBe('1');
  });

  it('does not let itself be stepped while it runs', async () => {
    await using emulator = await start();
    await expect(emulator.stepFrames(1)).rejects.toThrow(TypeError);
  });

  it('comes back to a saved state: memory, battery RAM and frame', async () => {
    await using emulator = await start({ fps: 'manual' });
    const wram = emulator.machine.domains.find(({ name }) => name === 'WRAM');
    await emulator.stepFrames(10);
    wram?.poke(0x300, 1);
    const state = emulator.saveState();
    wram?.poke(0x300, 2);
    await emulator.stepFrames(10);
    emulator.loadState(state);
    expect([wram?.peek(0x300), emulator.frame]).toEqual([1, 10]);
    expect(await codeOf((async () => emulator.loadState(Uint8Array.of(1)))())).toBe('file_unreadable');
  });

  it('keeps the script over resets; a power cycle starts the frames anew', async () => {
    await using emulator = await start({ fps: 'manual' });
    await emulator.stepFrames(5);
    emulator.softReset();
    await emulator.stepFrames(5);
    expect(emulator.frame).toBe(10);
    const wram = emulator.machine.domains.find(({ name }) => name === 'WRAM');
    expect(wram?.peek(TINY.startsInWram)).toBe(2);
    emulator.powerCycle();
    await emulator.stepFrames(5);
    expect([emulator.frame, wram?.peek(TINY.startsInWram)]).toEqual([5, 3]);
    await using client = await LineClient.open(await emulator.ready);
    const answer = client.ask('VERSION');
    await emulator.stepFrames(3);
    expect(await answer).toBe('1');
  });

  it('keeps battery RAM in its file when closed, and loses it when killed', async () => {
    const savePath = join(folder, 'tiny.sav');
    const play = async (value: number, end: 'close' | 'kill'): Promise<number | undefined> => {
      const emulator = await start({ fps: 'manual', savePath });
      const wram = emulator.machine.domains.find(({ name }) => name === 'WRAM');
      const before = wram?.peek(0x700);
      wram?.poke(0x700, value);
      await emulator[end]();
      return before;
    };
    expect(await play(1, 'close')).toBe(0);
    expect(readFileSync(savePath).length).toBe(8192);
    expect(await play(2, 'kill')).toBe(1);
    expect(await play(3, 'close')).toBe(1);
    expect(await play(4, 'close')).toBe(3);
  });

  it('says so when the save cannot be read or written', async () => {
    expect(await codeOf(start({ savePath: folder }))).toBe('file_unreadable');
    const emulator = await start({ savePath: join(folder, 'no', 'such', 'folder.sav') });
    expect(await codeOf(emulator.close())).toBe('file_unwritable');
    await emulator.closed;
  });

  it('says so when ROM or script cannot be read', async () => {
    expect(await codeOf(start({ rom: join(folder, 'none.nes') }))).toBe('file_unreadable');
    expect(await codeOf(start({ script: join(folder, 'none.lua') }))).toBe('file_unreadable');
  });

  it('breaks connections at once when killed, also out of a lock', async () => {
    const emulator = await start();
    await using client = await connected(emulator);
    await client.batch({ type: 'LOCK' });
    await emulator.kill();
    expect(await client.line()).toBeUndefined();
    await emulator.closed;
    expect([emulator.port, emulator.blocked]).toEqual([undefined, false]);
    await emulator.kill();
    await emulator.close();
  });

  it('leaves nothing behind: no socket, no server, no timer', async () => {
    const open = (kind: RegExp) => process.getActiveResourcesInfo().filter((name) => kind.test(name));
    const timersBefore = open(/Timeout/).length;
    for (const fps of ['max', 60, 'manual'] as const) {
      const emulator = await start({ fps });
      const client = await LineClient.open(await emulator.ready);
      client.send('VERSION');
      if (fps === 'manual') await emulator.stepFrames(3);
      await client.line();
      client.send('[{"type":"LOCK"}]');
      await emulator.close();
      await client.line();
      client.socket.destroy();
    }
    for (let turns = 0; turns < 20; turns++) await new Promise((turn) => setImmediate(turn));
    expect(open(/TCP/)).toEqual([]);
    expect(open(/Timeout/).length).toBeLessThanOrEqual(timersBefore);
  });

  it('names the first port a script listens on, until it lets go of it', async () => {
    const source = `
      local socket = require('socket')
      local one = socket.bind('127.0.0.1', 43055)
      local two = socket.bind('127.0.0.1', 43056)
      emu.frameadvance()
      one:close()
      emu.frameadvance()
      two:close()`;
    await using emulator = await start({ fps: 'manual', script: { name: 'two', source } });
    const first = await emulator.ready;
    while (emulator.blocked) await new Promise((turn) => setImmediate(turn));
    expect(emulator.port).toBe(first);
    await emulator.stepFrames(1);
    expect([emulator.port === undefined, emulator.port === first]).toEqual([false, false]);
    await emulator.stepFrames(1);
    expect(emulator.port).toBeUndefined();
  });

  it('ends when a listener of its own side fails, and says why', async () => {
    const failures: unknown[] = [];
    const emulator = await start({
      logger: { ...silentLogger, error: (event, fields) => failures.push([event, fields?.['message']]) },
    });
    emulator.onFrame(() => {
      throw new Error('listener');
    });
    await emulator.closed;
    expect(failures).toEqual([['emulator.loop_failed', 'listener']]);
  });

  it('rejects `ready` when it ends before its script listens', async () => {
    const emulator = await start({ script: { name: 'quiet', source: 'return' } });
    await emulator.close();
    expect(await codeOf(emulator.ready)).toBe('emulator_failed');
  });

  it('runs scripts from files with what lies beside them', async () => {
    writeFileSync(join(folder, 'part.lua'), `return { word = 'part', file = ... }`);
    writeFileSync(
      join(folder, 'main.lua'),
      `
      local part = require('part')
      print(part.word, part.file, require('part') == part, dofile('part.lua').word, (loadfile('none.lua')))
      print(pcall(require, 'nowhere'))
    `,
    );
    const lines: string[] = [];
    await using _emulator = await start({ script: join(folder, 'main.lua'), onPrint: (text) => lines.push(text) });
    expect(lines[0]).toBe('part\tpart\ttrue\tpart\tnil');
    expect(lines[1]).toContain("module 'nowhere' not found");
  });

  it("prefers a script's own socket module, which loads the compiled core", async () => {
    const bundle = mkdtempSync(join(folder, 'own-socket-'));
    writeFileSync(join(bundle, 'socket.lua'), `return { socket = package.loadlib('./x.so', 'luaopen_socket_core')() }`);
    writeFileSync(join(bundle, 'main.lua'), `print(type(require('socket').socket.gettime()), require('socket').tcp)`);
    const lines: string[] = [];
    await using _emulator = await start({ script: join(bundle, 'main.lua'), onPrint: (text) => lines.push(text) });
    expect(lines).toEqual(['number\tnil']);
  });

  it('loads the ROM a script asks for', async () => {
    const rom = join(folder, 'wanted.nes');
    writeFileSync(rom, tinyRom({ title: 'WANTED' }));
    const source = `if gameinfo.getromname() ~= 'wanted' then client.openrom('${rom}') end`;
    await using emulator = await start({ fps: 'manual', script: { name: 'change', source } });
    await emulator.stepFrames(1);
    expect(emulator.machine.rom.name).toBe('wanted');
  });

  it('allocates nothing on idle frames', async () => {
    const source = `
      event.onframeend(function() end)
      local server = require('socket').bind('127.0.0.1', 43055)
      server:settimeout(0)
      local first
      while emu.framecount() < 1100 do
        if emu.framecount() == 100 then
          collectgarbage() collectgarbage('stop')
          first = collectgarbage('count')
        end
        server:accept()
        emu.yield()
      end
      print(collectgarbage('count') - first)
      client.exit()`;
    const lines: string[] = [];
    const emulator = await start({ script: { name: 'idle', source }, onPrint: (text) => lines.push(text) });
    await emulator.closed;
    // In KiB. The garbage collector stood still: what was allocated is all there.
    expect(Number(lines[0])).toBeLessThan(0.1);
  });

  it('keeps the heap of our connector small over thousands of frames with a client that asks each frame', async () => {
    await using emulator = await start();
    await using client = await connected(emulator);
    const read = { type: 'READ', address: 0, size: 256, domain: 'RAM' };
    for (let i = 0; i < 100; i++) await client.batch(read);
    const before = emulator.scriptHeapBytes;
    for (let i = 0; i < 1000; i++) await client.batch(read);
    expect(emulator.scriptHeapBytes).toBe(before);
  });

  it('keeps time: sixty frames take a second by its clock', async () => {
    let now = 0;
    const clock = {
      ...systemClock,
      now: () => now,
      sleep: async (ms: number) => {
        now += Math.ceil(ms);
        await new Promise((turn) => setImmediate(turn));
      },
    };
    const emulator = await start({ fps: 60, clock });
    await new Promise<void>((done) => {
      emulator.onFrame((frame) => {
        if (frame === 600) done();
      });
    });
    expect(Math.abs(now - 10_000)).toBeLessThan(20);
    await emulator.close();
  });
});
