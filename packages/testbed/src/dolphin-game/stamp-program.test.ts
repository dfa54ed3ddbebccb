import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileOffsetOf } from './dol-file.js';
import { readIdent } from './identification.js';
import { identify } from './identify.js';
import { type DolphinBuild, GAME_IDS, IDENT, MEM1_BASE } from './memory-map.js';
import { readDolphinProgram } from './program-file.js';
import { stampProgram } from './stamp-program.js';

const BUILDS = Object.keys(GAME_IDS) as DolphinBuild[];
const at = (program: Uint8Array): number => fileOffsetOf(program, MEM1_BASE + IDENT.block.offset, IDENT.block.size)!;
const blockOf = (program: Uint8Array): Uint8Array => program.slice(at(program), at(program) + IDENT.block.size);
const probeOf = (program: Uint8Array, id: string = GAME_IDS.gc) => ({
  disc: new TextEncoder().encode(`${id}\0\u0002`),
  ident: blockOf(program),
});

describe.each(BUILDS)('stamping the program for %s', (build) => {
  const original = readDolphinProgram(build);

  it('ships unstamped', () => {
    expect(readIdent(blockOf(original))).toEqual({ kind: 'unstamped' });
  });

  it('writes what can be read back, and nothing outside the block', () => {
    const name = fc.string({ minLength: 1, maxLength: 16, unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(
        name,
        name,
        fc.constantFrom('game' as const, 'client' as const),
        fc.boolean(),
        (slotName, seed, delivery, deathLink) => {
          fc.pre(new TextEncoder().encode(slotName).length <= 64 && new TextEncoder().encode(seed).length <= 64);
          const options = { slotName, seed, delivery, deathLink };
          const copy = stampProgram(original, options);
          expect(readIdent(blockOf(copy))).toEqual({ kind: 'stamped', ident: options });
          copy.set(blockOf(original), at(original));
          expect(Buffer.compare(copy, original)).toBe(0);
        },
      ),
    );
  });

  it('notices a copy that was changed afterwards', () => {
    const copy = stampProgram(original, { slotName: 'Ana', seed: 'W1' });
    for (const place of [IDENT.delivery, IDENT.deathLink, IDENT.slotName, IDENT.seed, IDENT.stamp]) {
      const block = blockOf(copy);
      const index = place.offset - IDENT.block.offset;
      block[index] = (block[index] ?? 0) ^ 1;
      expect(readIdent(block)).toEqual({ kind: 'damaged' });
    }
  });
});

describe('refusing to stamp', () => {
  const program = readDolphinProgram('gc');

  it.each(['', 'x'.repeat(65), 'a\0b', '\ud800'])('refuses the slot name %j', (slotName) => {
    expect(() => stampProgram(program, { slotName })).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('refuses a seed that does not fit', () => {
    const long = () => stampProgram(program, { slotName: 'Ana', seed: 'x'.repeat(65) });
    expect(long).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('refuses anything that is not our program, whatever it is', () => {
    const newer = Uint8Array.from(program);
    newer[at(program) + 0x10] = 2;
    expect(() => stampProgram(newer, { slotName: 'Ana' })).toThrow(
      expect.objectContaining({ code: 'rom_not_recognised' }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(() => stampProgram(bytes, { slotName: 'Ana' })).toThrow(
          expect.objectContaining({ code: 'rom_not_recognised' }),
        );
      }),
    );
    for (let length = 0; length < program.length; length += 97) {
      const cut = program.slice(0, length);
      if (length < at(program) + IDENT.block.size) expect(() => stampProgram(cut, { slotName: 'Ana' })).toThrow();
    }
  });
});

describe('recognising the game', () => {
  const stamped = stampProgram(readDolphinProgram('wii'), { slotName: 'Zoë', seed: 'W1', deathLink: true });

  it.each(Object.values(GAME_IDS))('knows a stamped copy and whose it is, as %s', (id) => {
    expect(identify(probeOf(stamped, id))).toEqual({
      match: 'yes',
      identity: { title: 'Rillgate for Zoë', slotName: 'Zoë', seed: 'W1', itemsHandling: 7, tags: ['DeathLink'] },
    });
  });

  it('says what is wrong with an unstamped, damaged or other copy', () => {
    const original = readDolphinProgram('gc');
    const change = (index: number, value: number) => {
      const copy = stampProgram(original, { slotName: 'Ana' });
      copy[at(copy) + index] = value;
      return copy;
    };
    for (const copy of [original, change(0x20, 0x42), change(0x10, 9)]) {
      expect(identify(probeOf(copy)).match).toBe('near');
    }
  });

  it('does not know anything else, whatever it is', () => {
    expect(identify({})).toEqual({ match: 'no' });
    expect(identify(probeOf(stamped, 'GZLE99'))).toEqual({ match: 'no' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 200 }), (disc, ident) => {
        expect(identify({ disc, ident })).toEqual({ match: 'no' });
        expect(identify({ ...probeOf(stamped), ident })).toEqual({ match: 'no' });
      }),
    );
  });
});
