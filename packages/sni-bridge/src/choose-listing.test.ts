import type { DeviceListing } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { expect, test } from 'vitest';
import { chooseListing } from './choose-listing.js';

const WORDS = { nothing: 'No game was found.', fix: 'Load the game.' };
const at = (place: string, more: Partial<DeviceListing> = {}): DeviceListing => ({
  uri: `x://${place}`,
  driver: 'x',
  state: 'ready',
  ...more,
});
const failure = (...listings: readonly DeviceListing[]): CausewayError => {
  try {
    chooseListing(listings, WORDS);
  } catch (error) {
    if (CausewayError.is(error)) return error;
  }
  throw new Error('It chose one.');
};

test('the only one that is ready is taken, whatever else is there', () => {
  const only = at('a');
  expect(chooseListing([at('b', { state: 'busy' }), only, at('c', { state: 'foreign' })], WORDS)).toBe(only);
});

test('between two nobody guesses', () => {
  expect(failure(at('a', { rom: { system: 'SNES', title: 'ONE' } }), at('b', { peer: 'Two' }))).toMatchObject({
    code: 'device_ambiguous',
    message: '2 consoles can be reached: x://a (ONE), x://b (Two).',
    fix: expect.stringContaining("--device 'x://a'"),
    context: { choices: [{ uri: 'x://a' }, { uri: 'x://b' }] },
  });
});

test.each([
  ['busy', 'device_busy', false],
  ['incompatible', 'device_incompatible', true],
  ['silent', 'device_timeout', true],
  ['foreign', 'device_foreign', false],
] as const)('%s is said as such, and advice to load the game only where that helps', (state, code, helped) => {
  const error = failure(at('a', { state, detail: 'So it is.' }));
  expect(error).toMatchObject({ code, message: 'x://a: So it is.', context: { why: 'Nothing else was found.' } });
  expect(error.fix === WORDS.fix).toBe(helped);
});

test('the most telling is told, the others are named', () => {
  expect(
    failure(at('a', { state: 'foreign' }), at('b', { state: 'silent', detail: 'What is at x://b sleeps.' })),
  ).toMatchObject({
    code: 'device_timeout',
    message: 'What is at x://b sleeps.',
    context: { why: 'Nor can be used: x://a (foreign).', findings: [{ uri: 'x://a' }, { uri: 'x://b' }] },
  });
});

test('nothing is nothing', () => {
  expect(failure()).toMatchObject({ code: 'device_not_found', message: WORDS.nothing, fix: WORDS.fix });
});
