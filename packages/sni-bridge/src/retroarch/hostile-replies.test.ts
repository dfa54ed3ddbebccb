import type { Step } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { describe, expect, it } from 'vitest';
import { BadNetworkRig } from './testing/bad-network.js';

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);
const PATTERN_AT = 0x1_8000;
const STAMP_AT = 0x1000;

const read = (offset: number, size: number): Step => ({ kind: 'read', at: { domain: 'WRAM', offset }, size });
const u32 = (bytes: Uint8Array | undefined): number => new DataView(bytes!.slice().buffer).getUint32(0, true);

type Random = () => number;
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const noise = (random: Random, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(Math.floor(random() * 256))).join('');
const hexBytes = (random: Random, count: number): string =>
  Array.from({ length: count }, () =>
    Math.floor(random() * 256)
      .toString(16)
      .toUpperCase()
      .padStart(2, '0'),
  ).join(' ');

/** All that can befall a reply short of becoming another reply to the very same question, which nobody could tell. */
const MANGLES: readonly ((text: string, random: Random) => readonly string[])[] = [
  () => [],
  (text) => [text, text],
  (text, random) => [text.slice(0, Math.floor(random() * text.length))],
  (text, random) => [text.slice(Math.floor(random() * text.length))],
  (_, random) => [noise(random, Math.floor(random() * 300))],
  (text, random) => [noise(random, 20), text, noise(random, 2000)],
  (text) => [text.replace(/ (?=[0-9A-F]{2}\n?$)/, '  ')],
  (text) => [text.replace(/[0-9A-F]\n?$/, 'G\n')],
  (text) => [`${text.trimEnd()} \n`],
  (text) => [text.replace('CORE_MEMORY', 'CORE_RAM')],
  (text, random) => [
    text.replace(/^(READ_CORE_MEMORY) \w+/, `$1 ${(0x70_0000 + Math.floor(random() * 0x8000)).toString(16)}`),
  ],
  (text, random) => [`READ_CORE_MEMORY 7e1000 ${hexBytes(random, 2100 + Math.floor(random() * 100))}\n`, text],
  (_, random) => [`READ_CORE_MEMORY 7e1000 ${hexBytes(random, 9000)}`],
  (text) => [`READ_CORE_MEMORY 100000000 00 00\n`, `READ_CORE_MEMORY -1 00\n`, `READ_CORE_MEMORY  \n`, text],
  (text) => [`GET_STATUS PLAYING bsnes,no checksum\n`, `GET_STATUS\n`, `GET_STATUS PAUSED ,,crc32=\n`, text],
  (text) => [`WRITE_CORE_MEMORY 7e2000 99999999\n`, `WRITE_CORE_MEMORY 7e2000 -2\n`, text],
  (text) => [`${text}${text}`],
];

const settled = async (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('replies that are cut, damaged, foreign, endless or nothing', () => {
  it.each(SEEDS)('end in the right bytes or a coded error, never in other bytes (seed %i)', async (seed) => {
    const rig = new BadNetworkRig(seed);
    rig.wram.forEach((_, index) => {
      if (index >= PATTERN_AT) rig.wram[index] = (index * 31) & 0xff;
    });
    rig.onFrame = () => new DataView(rig.wram.buffer).setUint32(STAMP_AT, rig.frame, true);
    let device = await rig.open();
    const chance = pick(rig.random, [0.1, 0.4, 0.9]);
    let right = 0;
    for (let round = 0; round < 12; round++) {
      rig.emulator.mangle = (text) => (rig.random() < chance ? pick(rig.random, MANGLES)(text, rig.random) : [text]);
      const [asked, offset, size] = [
        rig.frame,
        PATTERN_AT + Math.floor(rig.random() * 0x4000),
        1 + Math.floor(rig.random() * 3000),
      ];
      const value = Uint8Array.of(round, seed);
      const write: Step = { kind: 'write', at: { domain: 'WRAM', offset: 0x2000 }, data: value };
      const batch = [read(STAMP_AT, 4), read(offset, size), ...(round % 2 ? [write] : [])];
      const outcome = await rig.finish(settled(device.run(batch, { timeoutMs: 2000 })));
      if (CausewayError.is(outcome)) {
        expect(outcome.code).toMatch(/^(device_timeout|batch_step_failed|batch_outcome_unknown|device_lost)$/);
      } else {
        const { reads } = outcome as { readonly reads: readonly Uint8Array[] };
        expect(u32(reads[0])).toBeGreaterThanOrEqual(asked);
        expect(u32(reads[0])).toBeLessThanOrEqual(rig.frame);
        expect(reads[1]).toEqual(rig.wram.slice(offset, offset + size));
        if (round % 2) expect(rig.wram.slice(0x2000, 0x2002)).toEqual(value);
        right++;
      }
      rig.emulator.mangle = (text) => [text];
      if (device.status !== 'closed') continue;
      device = await rig.open();
    }
    // What was wrong has done no lasting damage.
    expect((await rig.finish(device.run([read(PATTERN_AT, 64)]))).reads[0]).toEqual(
      rig.wram.slice(PATTERN_AT, PATTERN_AT + 64),
    );
    if (chance < 0.2) expect(right).toBeGreaterThan(0);
    await rig.finish(device.close());
    await rig.pass(1);
    expect(rig.clock.pending).toBe(0);
  });

  it('flood the bridge: it answers what it was asked, and keeps nothing', async () => {
    const rig = new BadNetworkRig(1);
    const device = await rig.open();
    const run = device.run([read(PATTERN_AT, 64)]);
    for (let count = 0; count < 20_000; count++) {
      rig.emulator.shout(`READ_CORE_MEMORY ${(0x7e_0000 + count).toString(16)} 00 11 22\n`);
    }
    expect((await rig.finish(run)).reads[0]).toEqual(rig.wram.slice(PATTERN_AT, PATTERN_AT + 64));
  });
});
