import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeResults, encodeResults } from './results.js';

const malformed = expect.objectContaining({ code: 'protocol_malformed' });

test('what is encoded is decoded again', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 30 }), (results) => {
      expect(decodeResults(encodeResults(results))).toEqual(results);
    }),
  );
  expect(encodeResults(['SNI-0.0.100'])).toBe('{"Results":["SNI-0.0.100"]}');
});

test.each([
  '',
  '{}',
  '{"Results":null}',
  '{"Results":[1]}',
  '{"results":[]}',
  encodeResults(Array.from({ length: 8193 }, () => '')),
  encodeResults(['x'.repeat(600_000)]),
])('%.30s is no answer', (text) => {
  expect(() => decodeResults(text)).toThrow(malformed);
});

test('anything else is a coded error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        expect(Array.isArray(decodeResults(text))).toBe(true);
      } catch (error) {
        expect(error).toEqual(malformed);
      }
    }),
  );
});
