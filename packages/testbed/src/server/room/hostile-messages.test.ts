import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestRoom } from '../test-support/test-room.js';

describe('hostile messages', () => {
  const cmd = fc.constantFrom(
    'Connect',
    'ConnectUpdate',
    'Sync',
    'LocationChecks',
    'LocationScouts',
    'CreateHints',
    'UpdateHint',
    'StatusUpdate',
    'Say',
    'GetDataPackage',
    'Bounce',
    'Get',
    'Set',
    'SetNotify',
    'Nothing',
  );
  const number = fc.constantFrom(0, 1, 2, 3, 5, 7, 10, 11, 12, 20, 30, 40, -1, 1.5);
  const word = fc.constantFrom(
    'Ann',
    'Oak',
    'k',
    '_read_hints_0_1',
    'add',
    'update',
    '!hint',
    '!hint Nut',
    '!admin',
    'class',
  );
  const value = fc.oneof(
    { depthSize: 'small' },
    number,
    word,
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.oneof(number, word, fc.jsonValue())),
    fc.record({ operation: word, value: fc.jsonValue() }).map((operation) => [operation]),
    fc.jsonValue(),
  );
  const field = fc.constantFrom(
    'password',
    'game',
    'name',
    'uuid',
    'version',
    'items_handling',
    'tags',
    'slot_data',
    'locations',
    'create_as_hint',
    'player',
    'location',
    'status',
    'text',
    'games',
    'exclusions',
    'slots',
    'data',
    'keys',
    'key',
    'default',
    'want_reply',
    'operations',
    'class',
    '__proto__',
  );
  const packet = fc
    .tuple(cmd, fc.dictionary(field, value, { maxKeys: 5 }))
    .map(([name, fields]) => ({ ...fields, cmd: name }));

  it('cost their sender the connection at most', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 6 }), fc.boolean(), (packets, loggedIn) => {
        const test = new TestRoom();
        const bystander = test.join('Ben', 'Oak');
        const client = loggedIn ? test.join('Ann', 'Oak') : test.open();
        for (const one of packets) test.send(client, one);
        expect(test.bugs).toEqual([]);
        expect(test.closed.has(bystander)).toBe(false);
        expect(test.room.inspect.connections).toBe(test.closed.has(client) ? 1 : 2);
        test.room.load(test.room.save());
      }),
      { numRuns: 3000 },
    );
  });

  it('that are any text do not harm either', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => `[${text}]`),
        ),
        (text) => {
          const test = new TestRoom();
          const client = test.join('Ann', 'Oak');
          test.room.receive(client, text);
          expect(test.bugs).toEqual([]);
        },
      ),
    );
  });
});
