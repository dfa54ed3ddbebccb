import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLine } from './json-line.js';
import { printable } from './printable.js';
import { Secrets } from './secrets.js';
import { renderText, span } from './styled-text.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to keep out
const COMMANDS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const nasty = fc.string({
  unit: fc.oneof(fc.constantFrom('\u001b', '\u009b', '\n', '\r', '\u202e', '\u2028', '\u0007', 'a'), fc.string()),
});

test('no control character of a text reaches the terminal', () => {
  void fc.assert(
    fc.property(nasty, (text) => {
      expect(printable(text)).not.toMatch(COMMANDS);
      expect(renderText([text, span('good', text)], false)).not.toMatch(COMMANDS);
    }),
  );
});

test('JSON carries every text whole, on one line, and harmless to a terminal', () => {
  void fc.assert(
    fc.property(nasty, (text) => {
      const line = jsonLine({ text });
      expect(line).not.toMatch(COMMANDS);
      expect(JSON.parse(line)).toEqual({ text });
    }),
  );
});

test('JSON takes sets, bytes, big integers, errors and circles', () => {
  const circle: Record<string, unknown> = { a: 1, again: { a: 1 } };
  circle['self'] = circle;
  const twice = { x: 1 };
  const value = {
    set: new Set(['b']),
    bytes: Uint8Array.of(1, 255),
    big: 2n ** 60n,
    nan: Number.NaN,
    error: new Error('e'),
    circle,
    both: [twice, twice],
  };
  expect(JSON.parse(jsonLine(value))).toEqual({
    set: ['b'],
    bytes: '01ff',
    big: '1152921504606846976',
    nan: 'NaN',
    error: 'e',
    circle: { a: 1, again: { a: 1 }, self: '[circular]' },
    both: [{ x: 1 }, { x: 1 }],
  });
});

test('secrets go, in any spelling, but words programs compare stay', () => {
  const secrets = new Secrets();
  secrets.add('pass word"1');
  secrets.add('message');
  secrets.add('ab');
  expect(secrets.hide('a pass word"1 and pass%20word%221')).toBe('a *** and ***');
  expect(secrets.hide('ab')).toBe('***');
  expect(secrets.hide('about')).toBe('about');
  expect(secrets.hide('archipelago://Ana:never-seen@host')).toBe('archipelago://Ana:***@host');
  expect(JSON.parse(jsonLine({ event: 'message', text: 'the message' }, secrets))).toEqual({
    event: 'message',
    text: 'the ***',
  });
});
