import { existsSync } from 'node:fs';
import { CausewayError } from '@causeway/protocol/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gameRomPath, readGameRom } from './game-rom.js';
import { readIdent } from './identification.js';
import { IDENT, INES_HEADER_SIZE } from './memory-map.js';
import { stampRom } from './stamp-rom.js';

const blockOf = (rom: Uint8Array) => rom.subarray(INES_HEADER_SIZE, INES_HEADER_SIZE + IDENT.block.size);
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return CausewayError.is(error) ? error.code : 'uncoded';
  }
  return undefined;
};

describe('the ROM that ships', () => {
  it('is there, is a NES image with battery memory, and belongs to nobody', () => {
    expect(existsSync(gameRomPath())).toBe(true);
    const rom = readGameRom();
    expect([...rom.subarray(0, 8)]).toEqual([0x4e, 0x45, 0x53, 0x1a, 2, 1, 0x12, 0]);
    expect(rom.length).toBe(16 + 2 * 16_384 + 8_192);
    expect(readIdent(blockOf(rom))).toEqual({ kind: 'unstamped' });
  });
});

describe('stampRom', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 16 }).filter((text) => !text.includes('\0'));

  it('writes what readIdent reads, into the block only, and leaves its input alone', () => {
    const original = readGameRom();
    fc.assert(
      fc.property(
        name,
        name,
        fc.constantFrom('game', 'client'),
        fc.boolean(),
        (slotName, seed, delivery, deathLink) => {
          fc.pre(new TextEncoder().encode(slotName).length <= 64 && new TextEncoder().encode(seed).length <= 64);
          const rom = stampRom(original, { slotName, seed, delivery, deathLink });
          expect(readIdent(blockOf(rom))).toEqual({
            kind: 'stamped',
            ident: { slotName, seed, delivery, deathLink },
          });
          const end = INES_HEADER_SIZE + IDENT.block.size;
          expect(same(rom.subarray(end), original.subarray(end))).toBe(true);
          expect(same(rom.subarray(0, INES_HEADER_SIZE), original.subarray(0, INES_HEADER_SIZE))).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
    expect(same(original, readGameRom())).toBe(true);
  });

  it('replaces a stamp completely', () => {
    const once = stampRom(readGameRom(), {
      slotName: 'Somebody long',
      seed: 'seed',
      delivery: 'client',
      deathLink: true,
    });
    expect(same(stampRom(once, { slotName: 'Bo' }), stampRom(readGameRom(), { slotName: 'Bo' }))).toBe(true);
  });

  it('notices any changed byte of a stamp', () => {
    const rom = stampRom(readGameRom(), { slotName: 'Ana', seed: 'seed' });
    fc.assert(
      fc.property(
        fc.integer({ min: IDENT.version.offset, max: 159 }),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          fc.pre(at < 0x18 || at >= 0x20);
          const copy = Uint8Array.from(rom);
          copy[INES_HEADER_SIZE + at]! ^= change;
          expect(readIdent(blockOf(copy)).kind).not.toBe('stamped');
        },
      ),
    );
  });

  it('refuses what does not fit', () => {
    const rom = readGameRom();
    const tooLong = 'ä'.repeat(33);
    for (const slotName of ['', tooLong, 'a\0b', '\ud800']) {
      expect(
        codeOf(() => stampRom(rom, { slotName })),
        JSON.stringify(slotName),
      ).toBe('usage');
    }
    expect(codeOf(() => stampRom(rom, { slotName: 'Ana', seed: tooLong }))).toBe('usage');
    expect(codeOf(() => stampRom(rom, { slotName: 'ä'.repeat(32) }))).toBeUndefined();
    expect(codeOf(() => stampRom(new Uint8Array(10), { slotName: 'Ana' }))).toBe('rom_not_recognised');
    expect(codeOf(() => stampRom(new Uint8Array(40_976), { slotName: 'Ana' }))).toBe('rom_not_recognised');
  });
});
