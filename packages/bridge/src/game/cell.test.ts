import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, cellMax, decodeCell, encodeCell } from './cell.js';

const at = { domain: 'RAM', offset: 0 };

describe('cell', () => {
  it('reads and writes in its byte order', () => {
    const little: Cell = { ...at, size: 2 };
    const big: Cell = { ...at, size: 4, endian: 'big' };
    expect(encodeCell(little, 0x1234)).toEqual(Uint8Array.of(0x34, 0x12));
    expect(encodeCell(big, 0xff00ee01)).toEqual(Uint8Array.of(0xff, 0x00, 0xee, 0x01));
    expect(decodeCell(big, Uint8Array.of(0xff, 0x00, 0xee, 0x01))).toBe(0xff00ee01);
  });

  it('gives back what was put in, whatever its size and order', () => {
    const cells = fc.record({
      size: fc.constantFrom<1 | 2 | 4>(1, 2, 4),
      endian: fc.constantFrom<'little' | 'big'>('little', 'big'),
    });
    fc.assert(
      fc.property(cells, fc.nat({ max: 0xffffffff }), (shape, number) => {
        const cell: Cell = { ...at, ...shape };
        const value = number % (cellMax(cell) + 1);
        expect(decodeCell(cell, encodeCell(cell, value))).toBe(value);
      }),
    );
  });

  it('never wraps and never guesses', () => {
    const byte: Cell = { ...at, size: 1 };
    for (const value of [256, -1, 1.5]) expect(() => encodeCell(byte, value)).toThrow(RangeError);
    expect(() => decodeCell(byte, Uint8Array.of(1, 2))).toThrow(RangeError);
  });
});
