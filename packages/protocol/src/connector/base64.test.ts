import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CausewayError } from '../errors/causeway-error.js';
import { base64Length, decodeBase64, encodeBase64 } from './base64.js';

describe('base64', () => {
  it.each([
    ['', ''],
    ['00', 'AA=='],
    ['3344', 'M0Q='],
    ['deadbeef', '3q2+7w=='],
    ['ffffff', '////'],
  ])('writes %s as %s', (hex, text) => {
    expect(encodeBase64(Buffer.from(hex, 'hex'))).toBe(text);
    expect(Buffer.from(decodeBase64(text)).toString('hex')).toBe(hex);
  });

  it('agrees with Node for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(text).toHaveLength(base64Length(bytes.length));
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  it.each(['A', 'AAA', 'AA=A', '=AAA', 'A===', '====', 'AA-_', 'AA AA===', 'AAA\n', 'ABC=ABC=', 'AA✓='])(
    'refuses %j',
    (text) => {
      expect(() => decodeBase64(text)).toThrowError(
        expect.toSatisfy((error: unknown) => CausewayError.is(error) && error.code === 'protocol_malformed'),
      );
    },
  );
});
