import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createRetroArchDriver } from './retroarch-driver.js';
import { BadNetworkRig } from './testing/bad-network.js';
import { codeOf } from './testing/code-of.js';
import { FakeRetroArch } from './testing/fake-retroarch.js';

const HOST = '127.0.0.1';
const URI = `retroarch://${HOST}:55355`;

/** One that runs, at port 1, and one that never says anything, at port 2. */
const two = () => {
  const rig = new BadNetworkRig(1);
  const memory = { read: () => undefined, write: () => 'no memory map defined' };
  const silent = new FakeRetroArch({ clock: rig.clock, random: rig.random, memory });
  const driver = createRetroArchDriver({
    clock: rig.clock,
    endpoints: [1, 2].map((port) => ({ host: HOST, port })),
    socketFactory: (place, handlers) => (place.port === 1 ? rig.emulator : silent).createSocket(place, handlers),
  });
  return { rig, silent, driver };
};
const one = () => {
  const rig = new BadNetworkRig(1);
  return { rig, driver: createRetroArchDriver({ clock: rig.clock, socketFactory: rig.emulator.createSocket }) };
};

describe('looking for RetroArch', () => {
  it('lists what answers, and leaves nothing open', async () => {
    const { rig, silent, driver } = two();
    expect(await rig.finish(driver.detect())).toMatchObject([{ uri: `retroarch://${HOST}:1`, state: 'ready' }]);
    expect([rig.emulator.clients, silent.clients, rig.clock.pending]).toEqual([0, 0, 0]);
  });

  it('leaves nothing open when it is told to stop after some have answered', async () => {
    const { rig, silent, driver } = two();
    const controller = new AbortController();
    const stopped = expect(driver.detect({ signal: controller.signal })).rejects.toThrow('enough');
    await rig.pass(100);
    controller.abort(new Error('enough'));
    await stopped;
    expect([rig.emulator.clients, silent.clients]).toEqual([0, 0]);
  });

  it('looks at many places with one signal without a warning', async () => {
    const { rig } = one();
    const { signal } = new AbortController();
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warned);
    const endpoints = Array.from({ length: 20 }, (_, index) => ({ host: HOST, port: index + 1 }));
    const many = createRetroArchDriver({ clock: rig.clock, socketFactory: rig.emulator.createSocket, endpoints });
    expect(await rig.finish(many.detect({ signal }))).toHaveLength(20);
    process.off('warning', warned);
    expect(warnings).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('says of one that knows no status yet that it is too old', async () => {
    const { rig, driver } = one();
    rig.emulator.version = '1.7.3';
    rig.emulator.mangle = (reply) => (reply.startsWith('GET_STATUS') ? [] : [reply]);
    expect(await rig.finish(driver.detect())).toMatchObject([
      { state: 'incompatible', detail: expect.stringContaining('1.7.3 is too old') },
    ]);
    expect(rig.emulator.clients).toBe(0);
  });

  it('says of one without a game that it has none', async () => {
    const { rig, driver } = one();
    rig.emulator.status = { state: 'contentless' };
    expect(await rig.finish(driver.detect())).toMatchObject([{ state: 'silent' }]);
    expect(rig.emulator.clients).toBe(0);
  });
});

describe('opening RetroArch', () => {
  it('takes no longer for all of it than it was given', async () => {
    const { rig, driver } = one();
    rig.running = false;
    rig.emulator.mangle = (reply) => (reply.startsWith('READ') ? [] : [reply]);
    const opening = driver.open(URI, { timeoutMs: 1000 });
    await rig.pass(600);
    rig.running = true;
    await expect(rig.finish(opening, 401)).rejects.toMatchObject({ code: 'device_timeout' });
    expect(rig.emulator.clients).toBe(0);
  });

  it('says that nobody listens, and what to do', async () => {
    const { rig, driver } = one();
    rig.emulator.gone = true;
    await expect(rig.finish(driver.open(URI))).rejects.toMatchObject({
      code: 'device_not_found',
      message: `No RetroArch listens at ${HOST}:55355 (recvmsg ECONNREFUSED).`,
      fix: expect.stringContaining('Network Commands'),
    });
  });

  it('refuses a game for another system than wanted', async () => {
    const rig = new BadNetworkRig(1);
    const driver = createRetroArchDriver({
      clock: rig.clock,
      socketFactory: rig.emulator.createSocket,
      systems: ['GB', 'GBC'],
    });
    expect(await rig.finish(driver.detect())).toMatchObject([{ state: 'incompatible', system: 'SNES' }]);
    expect(await codeOf(rig.finish(driver.open(URI)))).toBe('device_incompatible');
    expect(rig.emulator.clients).toBe(0);
  });

  it('refuses a core that shows no memory, and names it', async () => {
    const rig = new BadNetworkRig(1);
    rig.emulator.status = { state: 'playing', system: 'Snes9x', content: 'game', crc32: 0x1234 };
    rig.emulator.mangle = (text) => [text.replace(/^(READ_CORE_MEMORY \w+) .*/s, '$1 -1 no memory map defined\n')];
    await expect(rig.open()).rejects.toMatchObject({
      code: 'device_incompatible',
      message: "RetroArch's core (Snes9x) does not show the game's memory: no memory map defined.",
    });
  });

  it('describes no game with the bytes of another that is loaded meanwhile', async () => {
    const rig = new BadNetworkRig(1);
    rig.emulator.mangle = (text) => {
      if (text.startsWith('READ'))
        rig.emulator.status = { state: 'playing', system: 'bsnes-mercury', content: 'game', crc32: 0x9999 };
      return [text];
    };
    expect(await codeOf(rig.open())).toBe('device_lost');
    expect(rig.emulator.clients).toBe(0);
  });

  it('refuses a version whose memory commands are not reliable', async () => {
    const rig = new BadNetworkRig(1);
    rig.emulator.version = '1.9.1';
    expect(await codeOf(rig.open())).toBe('device_incompatible');
  });

  it('tells apart nobody, no game and a core without memory', async () => {
    const nobody = new BadNetworkRig(1);
    nobody.emulator.gone = true;
    expect(await codeOf(nobody.open())).toBe('device_not_found');
    const idle = new BadNetworkRig(1);
    idle.emulator.status = { state: 'contentless' };
    await expect(idle.open()).rejects.toThrow(/no game is loaded/);
    const other = new BadNetworkRig(1);
    other.emulator.status = { state: 'playing', system: 'Nestopia', content: 'x', crc32: 1 };
    expect(await codeOf(other.open())).toBe('device_incompatible');
  });

  it('offers work RAM alone where the cartridge has a processor of its own', async () => {
    const rig = new BadNetworkRig(1);
    rig.rom.set([0x23, 0x34], 0x7fb0 + 0x25);
    expect((await rig.open()).info.domains.map(({ name }) => name)).toEqual(['WRAM']);
  });
});
