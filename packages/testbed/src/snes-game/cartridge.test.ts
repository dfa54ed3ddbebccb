import { findSnesHeader } from '@causeway/protocol/snes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCartridge, CARTRIDGE_MAPPINGS, readBlock } from './cartridge.js';
import { IDENT_SIZE, readIdent } from './identification.js';
import { module } from './module.js';

const IDENT_AT = { lorom: 0x6000, hirom: 0xe000, exhirom: 0xe000 } as const;
const identOf = (rom: Uint8Array, at: number): Uint8Array => rom.slice(at, at + IDENT_SIZE);
const probeOf = (rom: Uint8Array) => ({ lorom: identOf(rom, 0x6000), hirom: identOf(rom, 0xe000) });
const ROM = { system: 'SNES' } as const;

describe.each(CARTRIDGE_MAPPINGS)('a cartridge of kind %s', (mapping) => {
  const rom = buildCartridge({ mapping, slotName: 'Zoë', seed: 'W1', autoplay: 40, deathLink: true });

  it('has a header that says so, with a right checksum', () => {
    expect(findSnesHeader(rom)).toMatchObject({ mapping, title: 'MARSHLIGHT', sramSize: 0x2000, checksumValid: true });
  });

  it('is recognised, and says whose it is', () => {
    expect(module.identify(probeOf(rom), ROM)).toEqual({
      match: 'yes',
      identity: { title: 'Marshlight for Zoë', slotName: 'Zoë', seed: 'W1', itemsHandling: 7, tags: ['DeathLink'] },
    });
  });

  it('tells by its words which place of the file was read', () => {
    const at = mapping === 'lorom' ? 0x1_0000 : 0x1_8000;
    expect(new DataView(rom.buffer).getUint32(at, true)).toBe(at);
  });

  it('ships unstamped', () => {
    expect(readIdent(identOf(readBlock(mapping), 0x6000))).toEqual({ kind: 'unstamped' });
  });

  it('is noticed when it was changed afterwards', () => {
    for (let at = 10; at < IDENT_SIZE; at += 7) {
      const copy = identOf(rom, IDENT_AT[mapping]);
      copy[at] = (copy[at] ?? 0) ^ 1;
      expect(['damaged', 'version']).toContain(readIdent(copy).kind);
    }
  });
});

describe('stamping', () => {
  it('writes what can be read back', () => {
    const name = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    const fits = (text: string): boolean => new TextEncoder().encode(text).length <= 48;
    fc.assert(
      fc.property(
        name.filter(fits),
        name.filter(fits),
        fc.nat(600),
        fc.boolean(),
        (slotName, seed, autoplay, deathLink) => {
          const ident = { slotName, seed, autoplay, deathLink };
          const rom = buildCartridge({ mapping: 'lorom', ...ident });
          expect(readIdent(identOf(rom, 0x6000))).toEqual({ kind: 'stamped', ident });
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each(['', 'x'.repeat(49), 'a\0b', '\ud800'])('refuses the slot name %j', (slotName) => {
    expect(() => buildCartridge({ mapping: 'lorom', slotName })).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

it('nothing else is recognised, whatever it is', () => {
  expect(module.identify({}, ROM)).toEqual({ match: 'no' });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(module.identify({ lorom: bytes, hirom: bytes }, ROM)).toEqual({ match: 'no' });
    }),
  );
});
