import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalAtDoor } from './door.js';

const policy = { host: 'snes-box.lan', allowOrigins: new Set(['https://tracker.example', 'null']) };

describe('the name a client uses', () => {
  test.each(['127.0.0.1', '127.0.0.1:23074', 'localhost:23074', '[::1]:23074', '192.168.1.4:80', 'SNES-Box.lan:23074'])(
    '%s is one of ours',
    (host) => {
      expect(refusalAtDoor({ host }, policy)).toBeUndefined();
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example:23074',
    '127.0.0.1.evil.example',
    'a@localhost',
    '[::1',
    '',
    'localhost:x',
  ])('%s is none', (host) => {
    expect(refusalAtDoor({ host }, policy)).toBeTypeOf('string');
  });

  test('must be there', () => {
    expect(refusalAtDoor({}, policy)).toBeTypeOf('string');
  });
});

describe('the page a browser is on', () => {
  test.each(['https://tracker.example', 'https://Tracker.Example', 'null'])('%s is listed', (origin) => {
    expect(refusalAtDoor({ host: 'localhost', origin }, policy)).toBeUndefined();
  });

  test('any other is turned away, and told how it would be let in', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (origin) => {
        expect(refusalAtDoor({ host: 'localhost', origin }, policy)).toContain('--allow-origin');
      }),
    );
  });
});
