import { describe, expect, it } from 'vitest';
import { WAYS } from './connection.js';
import type { Model, Mutation } from './delivery-model.js';
import { FAULT_NAMES } from './faults.js';
import { firstFailure } from './schedules.js';

/** The simulation is worth what it can catch: deliveries broken in ways that real clients are. */
const BROKEN: readonly (readonly [Mutation, Model])[] = [
  ['no counter guard', 'mailbox advanced by the game'],
  ['no counter guard', 'mailbox advanced by the client'],
  ['no counter guard', 'append-only log'],
  ['no counter guard', 'slot array'],
  ['no counter guard', 'direct effects'],
  ['counter cached by the client', 'mailbox advanced by the game'],
  ['counter cached by the client', 'mailbox advanced by the client'],
  ['counter cached by the client', 'direct effects'],
  ['unknown outcome taken for done', 'mailbox advanced by the client'],
  ['unknown outcome taken for done', 'direct effects'],
];

describe('the simulation catches a delivery with', () => {
  it.each(BROKEN)(
    '%s: %s',
    async (mutation, model) => {
      expect(await firstFailure({ model, way: WAYS.atomic, faults: FAULT_NAMES, mutation }, 2000)).toBeDefined();
    },
    120_000,
  );

  it('an unknown outcome taken for done, when answers get lost and nothing else happens', async () => {
    const failure = await firstFailure(
      {
        model: 'mailbox advanced by the client',
        way: WAYS.atomic,
        faults: ['request lost'],
        mutation: 'unknown outcome taken for done',
      },
      200,
    );
    expect(failure).toBeDefined();
  });
});
