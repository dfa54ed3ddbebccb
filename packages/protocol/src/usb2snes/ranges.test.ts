import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_ADDRESS, MAX_RANGES } from './limits.js';
import { type AddressRange, decodeNumber, decodeRanges, encodeNumber, encodeRanges, totalSize } from './ranges.js';

const malformed = expect.objectContaining({ code: 'protocol_malformed' });
const range = fc
  .tuple(fc.integer({ min: 0, max: MAX_ADDRESS }), fc.integer({ min: 1, max: 0x2000 }))
  .map(([address, size]): AddressRange => ({ address, size: Math.min(size, MAX_ADDRESS + 1 - address) }));

describe('numbers', () => {
  test('are hexadecimal, with 0x or without', () => {
    expect(['F50000', 'f50000', '0xF50000', '0Xf50000'].map(decodeNumber)).toEqual(
      Array.from({ length: 4 }, () => 0xf50000),
    );
    expect(encodeNumber(0xe02000)).toBe('E02000');
  });

  test.each(['', '$10', '-1', '1g', ' 1', '1 ', '0x', '1.0', '123456789', 'NaN'])('"%s" is none', (text) => {
    expect(() => decodeNumber(text)).toThrow(malformed);
  });
});

describe('ranges', () => {
  test('what is encoded is decoded again', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 20 }), (ranges) => {
        expect(decodeRanges(encodeRanges(ranges))).toEqual(ranges);
      }),
    );
  });

  test('are never sent empty, outside memory or in numbers no server takes', () => {
    const refused: readonly (readonly AddressRange[])[] = [
      [],
      [{ address: 0, size: 0 }],
      [{ address: -1, size: 1 }],
      [{ address: MAX_ADDRESS, size: 2 }],
      [{ address: 0.5, size: 1 }],
      Array.from({ length: MAX_RANGES + 1 }, () => ({ address: 0, size: 1 })),
    ];
    for (const ranges of refused) expect(() => encodeRanges(ranges)).toThrow(RangeError);
  });

  test('of others may be empty, but not outside memory', () => {
    expect(decodeRanges(['F50000', '0'])).toEqual([{ address: 0xf50000, size: 0 }]);
    expect(decodeRanges(['FFFFFF', '1'])).toEqual([{ address: MAX_ADDRESS, size: 1 }]);
    for (const operands of [[], ['0'], ['0', '1', '2'], ['FFFFFF', '2'], ['1000000', '0'], ['0', 'FFFFFFFF']]) {
      expect(() => decodeRanges(operands)).toThrow(malformed);
    }
  });

  test('any operands are ranges or a coded error', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.nat().map(encodeNumber)), { maxLength: 12 }), (operands) => {
        try {
          for (const { address, size } of decodeRanges(operands)) {
            expect(address + Math.max(size, 1) - 1).toBeLessThanOrEqual(MAX_ADDRESS);
          }
        } catch (error) {
          expect(error).toEqual(malformed);
        }
      }),
    );
  });

  test('have a size together', () => {
    expect(
      totalSize([
        { address: 0, size: 3 },
        { address: 9, size: 4 },
      ]),
    ).toBe(7);
  });
});
