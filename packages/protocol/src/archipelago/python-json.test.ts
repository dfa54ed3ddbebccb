import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePythonJson, writePythonJson } from './python-json.js';

const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.integer(),
    fc.double(),
    fc.bigInt().filter((n) => n > 2n ** 53n || n < -(2n ** 53n)),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), { noNullPrototype: true }),
  ),
})).value;

/** -0 and 0 are one number to everybody on the wire. */
const withoutNegativeZero = (value: unknown): unknown => {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, member]) => [key, withoutNegativeZero(member)]);
};

describe('Python JSON', () => {
  it('reads back what it writes', () => {
    void fc.assert(
      fc.property(anyJson, (value) => {
        expect(withoutNegativeZero(parsePythonJson(writePythonJson(value)))).toEqual(withoutNegativeZero(value));
      }),
    );
  });

  it('reads every JSON text as JSON.parse does', () => {
    void fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, space) => {
        fc.pre(!/\d{16}/.test(JSON.stringify(value)));
        const text = JSON.stringify({ long: 0, value }, null, space);
        // The long integer forces the reader that is ours.
        const ours = parsePythonJson(
          text.replace('"long": 0', '"long":0').replace('"long":0', '"long":12345678901234567890'),
        );
        expect(ours).toEqual({ ...JSON.parse(text), long: 12345678901234567890n });
      }),
    );
  });

  it('throws SyntaxError, and nothing else, on anything', () => {
    void fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ NaInfity-0.1e+"ru') }), (text) => {
        let standard: { value: unknown } | undefined;
        try {
          standard = { value: JSON.parse(text) };
        } catch {}
        try {
          const value = parsePythonJson(text);
          if (standard && !/\d{16}/.test(text)) expect(value).toEqual(standard.value);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          expect(standard).toBeUndefined();
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps the last digit of an integer, and leaves floats floats', () => {
    expect(parsePythonJson('[9007199254740991,9007199254740993,-9007199254740993,1e+16,1700000000.2500002]')).toEqual([
      9007199254740991,
      9007199254740993n,
      -9007199254740993n,
      1e16,
      1700000000.2500002,
    ]);
    expect(parsePythonJson('123456789012345678901')).toBe(123456789012345678901n);
  });

  it('does not follow a message into the depths', () => {
    expect(() => parsePythonJson(`[NaN,${'['.repeat(100_000)}`)).toThrow(SyntaxError);
  });

  it('reads a long text without effort', () => {
    const text = 'x\\n'.repeat(1_000_000);
    expect(parsePythonJson(`[NaN,"${text}"]`)).toEqual([Number.NaN, 'x\n'.repeat(1_000_000)]);
  });

  it('omits a member at any depth', () => {
    expect(writePythonJson({ class: 1, a: [{ class: 2, b: undefined, c: 3 }] }, { omit: 'class' })).toBe(
      '{"a":[{"c":3}]}',
    );
  });
});
