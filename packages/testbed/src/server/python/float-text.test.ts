import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PYTHON_FLOATS } from '../test-support/python-results.js';
import { floatText } from './float-text.js';

describe('floatText', () => {
  it.each(PYTHON_FLOATS)('prints the double %s as Python does: %s', (bits, text) => {
    expect(floatText(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('is read back as the same number, and never as an integer', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = floatText(value);
        expect(Number(text)).toBe(value);
        expect(text).toMatch(/[.e]/);
      }),
    );
  });

  it.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('writes %s as the bare token JSON.parse rejects', (value, text) => {
    expect(floatText(value)).toBe(text);
  });
});
