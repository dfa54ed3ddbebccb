import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseSnesHeader,
  findSnesHeader,
  hasCopierHeader,
  parseSnesHeader,
  SNES_HEADER_OFFSETS,
  SNES_HEADER_SIZE,
  type SnesHeaderOffset,
} from './header.js';

interface Stated {
  readonly title?: string;
  readonly mode: number;
  readonly type?: number;
  readonly ram?: number;
  readonly checksum?: number;
}

/** A header as a cartridge has it, vectors included. */
const headerBytes = ({ title = 'TEST GAME', mode, type = 2, ram = 3, checksum = 0x1234 }: Stated): Uint8Array => {
  const bytes = new Uint8Array(SNES_HEADER_SIZE);
  bytes.set(new TextEncoder().encode(title.padEnd(21)), 0x10);
  bytes.set([mode, type, 7, ram, 1, 0x33, 2], 0x25);
  new DataView(bytes.buffer).setUint16(0x2c, checksum ^ 0xffff, true);
  new DataView(bytes.buffer).setUint16(0x2e, checksum, true);
  for (let at = 0x34; at < SNES_HEADER_SIZE; at += 2) new DataView(bytes.buffer).setUint16(at, 0x8000 + at, true);
  return bytes;
};

const romWith = (size: number, at: SnesHeaderOffset, stated: Stated): Uint8Array => {
  const rom = new Uint8Array(size);
  rom.set(headerBytes(stated), at);
  return rom;
};

describe('the header of a ROM', () => {
  it.each([
    [0x007fb0, 0x20, 'lorom'],
    [0x007fb0, 0x30, 'lorom'],
    [0x00ffb0, 0x31, 'hirom'],
    [0x40ffb0, 0x35, 'exhirom'],
    [0x007fb0, 0x23, 'sa1'],
  ] as const)('at %i with mode %i is %s', (offset, mode, mapping) => {
    const found = findSnesHeader(romWith(0x60_0000, offset, { mode, title: 'A GAME' }));
    expect(found).toMatchObject({ offset, mapping, title: 'A GAME', romSize: 0x2_0000, sramSize: 0x2000 });
    expect(found?.checksumValid).toBe(true);
  });

  it('is found without a valid checksum: patched ROMs seldom have one', () => {
    const bytes = headerBytes({ mode: 0x20 });
    bytes.set([0, 0, 0, 0], 0x2c);
    expect(chooseSnesHeader([parseSnesHeader(bytes, 0x007fb0)])).toMatchObject({
      mapping: 'lorom',
      checksumValid: false,
    });
  });

  it('names a processor on the cartridge', () => {
    expect(parseSnesHeader(headerBytes({ mode: 0x20, type: 0x15 }), 0x007fb0)?.coprocessor).toBe('gsu');
    expect(parseSnesHeader(headerBytes({ mode: 0x23, type: 0x35 }), 0x007fb0)?.coprocessor).toBe('sa1');
    expect(parseSnesHeader(headerBytes({ mode: 0x20 }), 0x007fb0)?.coprocessor).toBeUndefined();
  });

  it('is the one in the right place where it shows in two', () => {
    const bytes = headerBytes({ mode: 0x21 });
    const both = [parseSnesHeader(bytes, 0x007fb0), parseSnesHeader(bytes, 0x00ffb0)];
    expect(chooseSnesHeader(both)?.offset).toBe(0x00ffb0);
  });

  it('is not found in zeros, in erased memory, in few bytes, or where the console could not start', () => {
    expect(findSnesHeader(new Uint8Array(0x60_0000))).toBeUndefined();
    expect(findSnesHeader(new Uint8Array(0x60_0000).fill(0xff))).toBeUndefined();
    expect(findSnesHeader(new Uint8Array(100))).toBeUndefined();
    const bytes = headerBytes({ mode: 0x20 });
    bytes.set([0x00, 0x10], 0x4c);
    expect(chooseSnesHeader([parseSnesHeader(bytes, 0x007fb0)])).toBeUndefined();
  });

  it('is read from anything without an exception, and never claims what it cannot be', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 0x60 }),
        fc.constantFrom(...SNES_HEADER_OFFSETS),
        (bytes, offset) => {
          const header = parseSnesHeader(bytes, offset);
          expect(header === undefined).toBe(bytes.length < SNES_HEADER_SIZE);
          expect(header?.sramSize ?? 0).toBeLessThanOrEqual(0x2_0000);
        },
      ),
    );
  });
});

it('a copier header is seen by the size of the file', () => {
  expect(hasCopierHeader(0x10_0200)).toBe(true);
  expect(hasCopierHeader(0x10_0000)).toBe(false);
});
