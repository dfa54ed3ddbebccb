import type { Step } from '@causeway/bridge/device';
import { describe, expect, it } from 'vitest';
import { BadNetworkRig } from './testing/bad-network.js';
import { codeOf } from './testing/code-of.js';

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);
const BAD = { loss: 0.15, duplication: 0.15, delay: 0.25, delayMs: 200 };

const read = (offset: number, size = 4): Step => ({ kind: 'read', at: { domain: 'WRAM', offset }, size });
const write = (offset: number, data: Uint8Array): Step => ({ kind: 'write', at: { domain: 'WRAM', offset }, data });
const hexOf = (data: Uint8Array): string =>
  Array.from(data, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
const u32 = (bytes: Uint8Array | undefined): number => new DataView(bytes!.slice().buffer).getUint32(0, true);

/** Writes the frame number to places far apart, so that each is a read of its own. */
const PLACES = [0x10, 0x1000, 0x8000, 0x1_0000] as const;
const stamping = (rig: BadNetworkRig): void => {
  rig.onFrame = () => {
    for (const place of PLACES) new DataView(rig.wram.buffer).setUint32(place, rig.frame, true);
  };
};

describe('datagrams that get lost, come twice, late and in another order', () => {
  it.each(SEEDS)('never make an old value a new one (seed %i)', async (seed) => {
    const rig = new BadNetworkRig(seed);
    stamping(rig);
    const device = await rig.open();
    Object.assign(rig.emulator.faults, BAD);
    for (let round = 0; round < 25; round++) {
      const asked = rig.frame;
      const result = await rig.finish(device.run(PLACES.map((place) => read(place))));
      const frames = result.reads.map(u32);
      for (const frame of frames) expect(frame).toBeGreaterThanOrEqual(asked);
      if (result.atomic) expect(new Set(frames).size).toBe(1);
    }
  });

  it.each(SEEDS)(
    'never make a write come twice, out of order, or be confirmed that was lost (seed %i)',
    async (seed) => {
      const rig = new BadNetworkRig(seed);
      let device = await rig.open();
      Object.assign(rig.emulator.faults, BAD);
      let landed = 0;
      const writesTo = (address: string): readonly string[] =>
        rig.emulator.commands.filter((text) => text.startsWith(`WRITE_CORE_MEMORY ${address}`));
      for (let round = 1; round <= 12; round++) {
        const value = Uint8Array.of(round, 0);
        const outcome = await codeOf(rig.finish(device.run([write(0x100, value), write(0x200, value)])));
        const second = writesTo('7e0200').filter((text) => text.endsWith(hexOf(value)));
        // The network may double a datagram; we never send one again.
        const sent = rig.emulator.sent.filter((text) => text.split('\n').includes(second[0] ?? 'none'));
        expect(sent.length).toBeLessThanOrEqual(1);
        if (second.length > 0) expect(rig.wram[0x100]).toBe(round);
        if (outcome !== 'no error') {
          expect([outcome, device.status]).toEqual(['batch_outcome_unknown', 'closed']);
          device = await rig.open();
        } else {
          landed++;
          expect([rig.wram[0x100], rig.wram[0x200]]).toEqual([round, round]);
        }
        // Whatever of this round is still on its way arrives before the next.
        await rig.pass(250);
      }
      expect(landed).toBeGreaterThan(2);
    },
  );
});

describe('RetroArch that behaves oddly', () => {
  const opened = async () => {
    const rig = new BadNetworkRig(1);
    return { rig, device: await rig.open() };
  };

  it('is asked for everything of a batch at once, and answers from one frame', async () => {
    const { rig, device } = await opened();
    stamping(rig);
    await rig.pass(40);
    const before = rig.frame;
    const batch = Array.from({ length: 31 }, (_, index) => read(index * 0x400));
    const result = await rig.finish(device.run(batch));
    expect(result.atomic).toBe(true);
    expect(rig.frame - before).toBeLessThanOrEqual(2);
  });

  it('is asked again, and of the answers some are of the first time: no claim to one frame', async () => {
    const { rig, device } = await opened();
    stamping(rig);
    await rig.pass(40);
    const first: string[] = [];
    rig.emulator.mangle = (text) => {
      first.push(text);
      return [];
    };
    const run = device.run([read(0x10), read(0x8000)]);
    await rig.pass(40);
    rig.emulator.mangle = (text) => [text];
    rig.running = false;
    await rig.pass(250);
    rig.emulator.shout(first.find((text) => text.startsWith('READ_CORE_MEMORY 7e00'))!);
    rig.emulator.poll();
    const { reads, atomic } = await rig.finish(run);
    expect(u32(reads[0])).toBeLessThan(u32(reads[1]));
    expect(atomic).toBe(false);
  });

  it('takes a batch that is too big for one frame in several', async () => {
    const { rig, device } = await opened();
    rig.wram.forEach((_, index) => {
      rig.wram[index] = index * 7;
    });
    const { reads, atomic } = await rig.finish(device.run([read(0, 0x1_8000)]));
    expect(atomic).toBe(false);
    expect(reads[0]).toEqual(rig.wram.slice(0, 0x1_8000));
    const longest = Math.max(
      ...rig.emulator.commands.map((text) => Number(/READ_CORE_MEMORY \S+ (\d+)/.exec(text)?.[1] ?? 0)),
    );
    expect(longest).toBeLessThanOrEqual(2048);
  });

  it('refuses a place: the device lives', async () => {
    const { rig, device } = await opened();
    const rom: Step = { kind: 'write', at: { domain: 'ROM', offset: 0 }, data: Uint8Array.of(1) };
    expect(await codeOf(device.run([rom]))).toBe('domain_read_only');
    const unmapped: Step = { kind: 'read', at: { domain: 'SRAM', offset: 0 }, size: 4 };
    expect(await codeOf(rig.finish(device.run([unmapped])))).toBe('batch_step_failed');
    expect((await rig.finish(device.run([read(0)]))).ok).toBe(true);
  });

  it('answers with fewer bytes than there should be: an error, not a shorter read', async () => {
    const { rig, device } = await opened();
    const pieces: Step = { kind: 'read', at: { domain: 'ROM', offset: 0x7f00 }, size: 0x100 };
    expect((await rig.finish(device.run([pieces]))).reads[0]).toEqual(rig.rom.slice(0x7f00));
    rig.rom.fill(0);
    const short = rig.rom.subarray(0, 0x7f80);
    Object.defineProperty(rig, 'rom', { value: short });
    expect(await codeOf(rig.finish(device.run([pieces])))).toBe('batch_step_failed');
  });

  it('stands still: the device is paused, and lives on', async () => {
    const { rig, device } = await opened();
    rig.running = false;
    const run = device.run([read(0)]);
    await rig.pass(1500);
    expect(device.status).toBe('paused');
    rig.running = true;
    expect((await rig.finish(run)).ok).toBe(true);
    expect(device.status).toBe('running');
  });

  it('says that it is paused', async () => {
    const { rig, device } = await opened();
    rig.emulator.status = { state: 'paused', system: 'bsnes-mercury', content: 'game', crc32: 0x1234 };
    await rig.finish(device.run([read(0)]));
    expect(device.status).toBe('paused');
  });

  it.each([
    ['another game', { state: 'playing', system: 'bsnes-mercury', content: 'game', crc32: 0x9999 }],
    ['a game of another name', { state: 'playing', system: 'bsnes-mercury', content: 'game 2', crc32: 0x1234 }],
    ['no game', { state: 'contentless' }],
  ] as const)('runs %s under our hands: the device ends', async (_, status) => {
    const { rig, device } = await opened();
    rig.emulator.status = status;
    expect(await codeOf(rig.finish(device.run([read(0)])))).toBe('batch_outcome_unknown');
    expect((await device.closed).reason).toBe('rom_changed');
  });

  it('runs another game, and an old status comes late: the bytes are not taken for those of the first', async () => {
    const { rig, device } = await opened();
    const old = 'GET_STATUS PLAYING bsnes-mercury,game,crc32=1234\n';
    rig.emulator.status = { state: 'playing', system: 'bsnes-mercury', content: 'game', crc32: 0x9999 };
    const run = device.run([read(0)]);
    await rig.pass(1);
    rig.emulator.shout(old);
    expect(await codeOf(rig.finish(run))).toBe('batch_outcome_unknown');
    expect((await device.closed).reason).toBe('rom_changed');
  });

  it('runs another game when a lost answer is asked for again: its bytes are not taken for those of the first', async () => {
    const { rig, device } = await opened();
    rig.emulator.mangle = (text) => (text.startsWith('READ_CORE_MEMORY 7e80') ? [] : [text]);
    const run = device.run([read(0x20), read(0x8020)]);
    await rig.pass(100);
    rig.emulator.mangle = (text) => [text];
    rig.emulator.status = { state: 'playing', system: 'bsnes-mercury', content: 'game', crc32: 0x9999 };
    expect(await codeOf(rig.finish(run))).toBe('batch_outcome_unknown');
    expect((await device.closed).reason).toBe('rom_changed');
  });

  it('ends: the device says so at once', async () => {
    const { rig, device } = await opened();
    rig.emulator.die();
    await rig.pass(1);
    expect(await device.closed).toMatchObject({ reason: 'lost', error: { code: 'device_lost' } });
  });

  it('shouts nonsense: nothing of it is believed', async () => {
    const { rig, device } = await opened();
    stamping(rig);
    await rig.pass(20);
    const noise = [
      '',
      'READ_CORE_MEMORY 7e0010',
      'READ_CORE_MEMORY 7e0010 ZZ ZZ ZZ ZZ\n',
      'GET_STATUS',
      '1.14.0',
      '\0',
    ];
    for (let round = 0; round < 20; round++) {
      const asked = rig.frame;
      const run = device.run([read(0x10)]);
      await rig.pass(2);
      for (const text of noise) rig.emulator.shout(text);
      expect(u32((await rig.finish(run)).reads[0])).toBeGreaterThanOrEqual(asked);
    }
  });

  it('leaves no timer behind when it is closed', async () => {
    const { rig, device } = await opened();
    await rig.finish(device.run([read(0)]));
    await rig.finish(device.close());
    await rig.pass(1);
    expect(rig.clock.pending).toBe(0);
  });
});
