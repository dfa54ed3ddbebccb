import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWatchType } from './watch-type.js';

const decode = (type: string, hex: string) => parseWatchType(type).decode(Buffer.from(hex, 'hex'));

describe('types of watch', () => {
  test.each([
    ['u8', 'ff', [255]],
    ['i8', 'ff', [-1]],
    ['u16le', '3412', [0x1234]],
    ['u16be', '1234', [0x1234]],
    ['i16le', 'feff', [-2]],
    ['u24le', '563412', [0x123456]],
    ['i24be', 'ffffff', [-1]],
    ['u32be', 'ffffffff', [0xffffffff]],
    ['i32le', '00000080', [-0x80000000]],
    ['u64le', 'ffffffffffffffff', [2n ** 64n - 1n]],
    ['i64be', 'ffffffffffffffff', [-1n]],
    ['f32be', '3fc00000', [1.5]],
    ['f64le', '000000000000f83f', [1.5]],
    ['bytes[3]', '00ff10', ['00ff10']],
    ['text[6]', '416e61000000', ['Ana']],
    ['bits', '05', [1, 0, 1, 0, 0, 0, 0, 0]],
    ['bits[10]', '0002', [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ])('%s of %s', (type, hex, values) => {
    expect(parseWatchType(type).size).toBe(hex.length / 2);
    expect(decode(type, hex)).toEqual(values);
  });

  test.each([
    'u16',
    'i32',
    'f32',
    'u128le',
    'u8[2]',
    'bytes',
    'bytes[0]',
    'bytes[x]',
    'text[]',
    'bits[0]',
    'U8',
    '',
    'bytes[65537]',
  ])('%j is a usage error', (type) => {
    expect(() => parseWatchType(type)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('integers agree with Node in both byte orders', () => {
    void fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), fc.integer({ min: 2, max: 4 }), (bytes, size) => {
        const data = Buffer.from(bytes.subarray(0, size));
        const bits = size * 8;
        expect(parseWatchType(`u${bits}le`).decode(data)).toEqual([data.readUIntLE(0, size)]);
        expect(parseWatchType(`i${bits}be`).decode(data)).toEqual([data.readIntBE(0, size)]);
      }),
    );
  });
});
