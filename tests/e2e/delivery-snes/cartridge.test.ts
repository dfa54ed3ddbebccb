import {
  BAG_SIZE,
  buildCartridge,
  CARTRIDGE_MAPPINGS,
  ITEMS,
  MODES,
  PATTERN,
  PROGRESS_REGIONS,
  readProgress,
  SAVE,
  STATE,
} from '@causeway/testbed/snes-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { RETROARCH_PROBE, RetroArchConsole } from '../retroarch/retroarch.js';
import { Marsh } from './marsh.js';

const SPARK = 4;
const ITEMS_OWNED = { domain: 'WRAM', offset: 0x1100, size: 256 } as const;
const OWNED_COPY = { domain: 'SRAM', offset: 0x100 } as const;

const mail = (number: number, code: number): Uint8Array =>
  Uint8Array.of(number & 0xff, number >> 8, code & 0xff, code >> 8, 2, 0);

const post = async (marsh: Marsh, number: number, code: number): Promise<void> => {
  await marsh.put([STATE.mail, mail(number, code)], [STATE.mailFull, Uint8Array.of(1)]);
};

const hand = async (marsh: Marsh, number: number, code: number): Promise<void> => {
  await post(marsh, number, code);
  await marsh.until(STATE.mailFull, 0);
};

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/\0+$/, '');

const framesPass = async (marsh: Marsh, count: number): Promise<void> => {
  const before = await marsh.get(STATE.frames);
  await expect.poll(() => marsh.get(STATE.frames), { interval: 5 }).toBeGreaterThanOrEqual(before + count);
};

/** Reset, and in the marsh again. */
const restarted = async (console: RetroArchConsole, marsh: Marsh): Promise<void> => {
  const boots = await marsh.get(STATE.boots);
  await console.softReset();
  await marsh.until(STATE.boots, (boots + 1) & 0xff);
  await marsh.playing();
};

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE)).each(CARTRIDGE_MAPPINGS)(
  'Marshlight in the real RetroArch, %s',
  (mapping) => {
    const start = (): Promise<RetroArchConsole> =>
      RetroArchConsole.start(buildCartridge({ mapping, slotName: 'Zoë', seed: 'W1' }));

    it('takes the next number once and no other, only while playing, and no more than its bag holds', async () => {
      await using console = await start();
      await using marsh = await Marsh.of(console.uri);
      await marsh.playing();
      expect(await marsh.bytes(PATTERN)).toEqual(Uint8Array.from({ length: 256 }, (_, n) => n ^ 0xa5));
      await marsh.command('wipe');
      for (const number of [2, 0, 1]) await hand(marsh, number, 7);
      await hand(marsh, 1, 7);
      expect([await marsh.get(STATE.taken), await marsh.get(STATE.refused)]).toEqual([1, 3]);
      await marsh.set([STATE.kill, 1]);
      await marsh.until(STATE.mode, MODES.dead);
      await post(marsh, 2, 8);
      await framesPass(marsh, 2);
      const dead = await marsh.bytes(STATE.head);
      const seen = [STATE.mode, STATE.mailFull, STATE.taken].map(({ offset }) => dead[offset - STATE.head.offset]);
      expect(seen).toEqual([MODES.dead, 1, 1]);
      await marsh.until(STATE.mailFull, 0);
      expect([await marsh.get(STATE.mode), await marsh.get(STATE.taken)]).toEqual([MODES.playing, 2]);

      await marsh.set([STATE.taken, BAG_SIZE - 1]);
      await hand(marsh, BAG_SIZE, 6);
      expect((await marsh.bytes(SAVE.bag)).at(-1)).toBe(6);
      await post(marsh, BAG_SIZE + 1, 6);
      await framesPass(marsh, 2);
      expect([await marsh.get(STATE.mailFull), await marsh.get(STATE.taken)]).toEqual([1, BAG_SIZE]);
    });

    it('keeps in its save who began it, what was taken and what was opened', async () => {
      await using console = await start();
      {
        await using marsh = await Marsh.of(console.uri);
        await marsh.playing();
        expect(textOf(await marsh.bytes(STATE.ownerName))).toBe('Zoë');
        expect(textOf(await marsh.bytes(STATE.ownerSeed))).toBe('W1');
        for (let number = 1; number <= 5; number++) await hand(marsh, number, number === 3 ? 9 : SPARK);
        await marsh.command('open', 3 * 8 + 5);
        expect(await marsh.get(STATE.goal)).toBe(0);
        // The copy for viewers is not what counts.
        await marsh.put([{ ...OWNED_COPY, offset: OWNED_COPY.offset + SPARK }, Uint8Array.of(77)]);
        await restarted(console, marsh);
        expect((await marsh.bytes(ITEMS_OWNED))[SPARK]).toBe(4);
        await hand(marsh, 6, SPARK);
        expect(await marsh.get(STATE.goal)).toBe(1);
      }
      await console.quit();
      await console.start();
      await using marsh = await Marsh.of(console.uri);
      await marsh.playing();
      expect(textOf(await marsh.bytes(STATE.ownerName))).toBe('Zoë');
      const regions = await Promise.all(PROGRESS_REGIONS.map((region) => marsh.bytes(region)));
      const { items, locations } = readProgress((region) => regions[PROGRESS_REGIONS.indexOf(region)]!);
      const codes = items.map((id) => ITEMS.find((item) => item.id === id)?.code);
      expect(codes).toEqual([SPARK, SPARK, 9, SPARK, SPARK, SPARK]);
      expect(locations).toHaveLength(1);
      expect(await marsh.get(STATE.goal)).toBe(1);
    });
  },
);
