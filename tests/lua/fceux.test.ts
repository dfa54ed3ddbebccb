import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LineSocket } from '../conformance/connector/line-socket.js';
import { freePort } from '../support/free-port.js';
import { toolAvailable } from '../support/require-tool.js';
import { FCEUX_PATH, FceuxProcess } from './support/fceux-process.js';
import { TINY_TITLE, writeTinyRom } from './support/tiny-rom.js';

const available =
  toolAvailable('fceux', ['sh', '-c', `PATH=${FCEUX_PATH} command -v fceux`]) &&
  toolAvailable('fceux', ['xvfb-run', '--help']);

const folder = mkdtempSync(join(tmpdir(), 'causeway-rom-'));
const rom = join(folder, 'tiny.nes');
const other = join(folder, 'other.nes');

const md5 = (path: string): string =>
  createHash('md5').update(readFileSync(path).subarray(16)).digest('hex').toUpperCase();

const value = async (client: LineSocket, request: object): Promise<unknown> =>
  (await client.batch(request))[0]?.['value'];

const read = (domain: string, address: number, size: number) => ({ type: 'READ', address, size, domain });

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe.skipIf(!available)('causeway-fceux.lua in a real FCEUX', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    await writeTinyRom(rom);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('knows the game and its memory, reads, writes, guards and locks', async () => {
    await using fceux = await FceuxProcess.start({ rom, port: await freePort() });
    await using client = await fceux.connect();
    expect(await value(client, { type: 'SYSTEM' })).toBe('NES');
    expect(await value(client, { type: 'HASH' })).toBe(md5(rom));
    expect(await value(client, { type: 'CAUSEWAY' })).toMatchObject({
      host: 'FCEUX',
      domains: [
        { name: 'RAM', size: 2048, writable: true },
        { name: 'System Bus', size: 65_536, writable: true },
        { name: 'PRG ROM', size: 16_384, writable: false },
        { name: 'CHR VROM', size: 8192, writable: false },
        { name: 'WRAM', size: 8192, writable: true },
        { name: 'PALRAM', size: 32, writable: false },
      ],
    });
    expect(await value(client, read('PRG ROM', 0x100, TINY_TITLE.length))).toBe(base64(TINY_TITLE));
    expect(await value(client, read('System Bus', 0xc100, TINY_TITLE.length))).toBe(base64(TINY_TITLE));
    expect(await value(client, read('CHR VROM', 8191, 2))).toBe(base64('\x5a\x00'));
    expect(await value(client, read('PALRAM', 0, 32))).toHaveLength(44);

    const written = await client.batch(
      { type: 'STRICT', value: true },
      { type: 'WRITE', address: 0, value: base64('save'), domain: 'WRAM' },
      { type: 'WRITE', address: 0x40, value: base64('work'), domain: 'RAM' },
      { type: 'WRITE', address: 0, value: base64('x'), domain: 'PRG ROM' },
    );
    expect(written.map(({ type }) => type)).toEqual(['STRICT_RESPONSE', 'WRITE_RESPONSE', 'WRITE_RESPONSE', 'ERROR']);
    expect(await value(client, read('System Bus', 0x6000, 4))).toBe(base64('save'));
    expect(await value(client, read('RAM', 0x40, 4))).toBe(base64('work'));

    const guarded = await client.batch(
      { type: 'GUARD', address: 0x40, expected_data: base64('work'), domain: 'RAM' },
      { type: 'GUARD', address: 0x40, expected_data: base64('play'), domain: 'RAM' },
      { type: 'WRITE', address: 0x40, value: base64('play'), domain: 'RAM' },
    );
    expect(guarded.map((answer) => answer['value'])).toEqual([true, false, false]);
    expect(await value(client, read('RAM', 0x40, 4))).toBe(base64('work'));

    const [, locked] = await client.batch({ type: 'LOCK' }, { type: 'FRAME' });
    const counter = await value(client, read('RAM', 0x10, 2));
    for (let i = 0; i < 20; i++) expect(await value(client, read('RAM', 0x10, 2))).toBe(counter);
    expect(await client.batch({ type: 'FRAME' })).toEqual([locked]);
    await client.batch({ type: 'UNLOCK' });
    await expect.poll(async () => value(client, { type: 'FRAME' })).toBeGreaterThan(Number(locked?.['value']));
  });

  it('runs on when its client is gone, and serves the next one', async () => {
    await using fceux = await FceuxProcess.start({ rom, port: await freePort() });
    let frame = 0;
    for (let i = 0; i < 4; i++) {
      await using client = await fceux.connect();
      const before = frame;
      await expect.poll(async () => (frame = Number(await value(client, { type: 'FRAME' })))).toBeGreaterThan(before);
      if (i === 1) await client.batch({ type: 'LOCK' });
      if (i % 2 === 1) client.vanish();
    }
  });

  it('answers while the game is paused', async () => {
    const before = 'emu.registerafter(function() if emu.framecount() == 120 then emu.pause() end end)';
    await using fceux = await FceuxProcess.start({ rom, port: await freePort(), before });
    await using client = await fceux.connect();
    await expect.poll(() => value(client, { type: 'FRAME' }), { timeout: 10_000 }).toBe(120);
    const counter = await value(client, read('RAM', 0x10, 2));
    for (let i = 0; i < 20; i++) expect(await value(client, read('RAM', 0x10, 2))).toBe(counter);
    expect(await value(client, { type: 'FRAME' })).toBe(120);
  });

  it('notices another ROM and a reset frame counter, on the same connection', async () => {
    const before = `
      local loaded = false
      emu.registerafter(function()
        if not loaded and emu.framecount() == 120 then
          loaded = true
          emu.loadrom(${JSON.stringify(other)})
        end
      end)`;
    const image = readFileSync(rom);
    image.write('ANOTHER!', 16 + 0x100);
    writeFileSync(other, image);
    await using fceux = await FceuxProcess.start({ rom, port: await freePort(), before });
    await using client = await fceux.connect();
    await expect.poll(() => value(client, { type: 'HASH' }), { timeout: 15_000 }).toBe(md5(other));
    expect(await value(client, read('PRG ROM', 0x100, 8))).toBe(base64('ANOTHER!'));
    expect(await value(client, { type: 'FRAME' })).toBeLessThan(120);
  });

  it('two at once each serve their own', async () => {
    await using first = await FceuxProcess.start({ rom, port: await freePort() });
    await using second = await FceuxProcess.start({ rom, port: await freePort() });
    await using a = await first.connect();
    await using b = await second.connect();
    await a.batch({ type: 'WRITE', address: 0x80, value: base64('one'), domain: 'RAM' });
    await b.batch({ type: 'WRITE', address: 0x80, value: base64('two'), domain: 'RAM' });
    expect(await value(a, read('RAM', 0x80, 3))).toBe(base64('one'));
    expect(await value(b, read('RAM', 0x80, 3))).toBe(base64('two'));
    await first.kill();
    expect(await a.line()).toBeUndefined();
    expect(await value(b, read('RAM', 0x80, 3))).toBe(base64('two'));
  });
});
