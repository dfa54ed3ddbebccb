import { describe, expect, it } from 'vitest';
import { TestRoom } from '../test-support/test-room.js';

describe('login', () => {
  it('takes every name of a slot, and no group', () => {
    const test = new TestRoom();
    for (const name of ['Ann', 'QW5u']) {
      const client = test.join(name, 'Oak');
      expect(test.room.inspect.connectionsOf(1)).toBe(name === 'Ann' ? 1 : 2);
      expect(client.slot).toBe(1);
    }
    const group = test.join('Both', 'Oak');
    expect(test.closed.get(group)).toBe(1000);
  });

  it('gives all reasons at once', () => {
    const test = new TestRoom();
    const client = test.open();
    const old = { class: 'Version', major: 0, minor: 1, build: 0 };
    test.takeTexts(client);
    test.send(client, {
      cmd: 'Connect',
      password: null,
      game: 'Sea',
      name: 'Ann',
      uuid: '',
      version: old,
      items_handling: 6,
      tags: [],
    });
    const [refusal] = test.take(client);
    const errors = refusal?.['errors'] as readonly string[];
    expect([...errors].sort()).toEqual(['IncompatibleVersion', 'InvalidGame', 'InvalidItemsHandling']);
    expect(test.events).toContainEqual({ kind: 'refused', name: 'Ann', reasons: expect.any(Array) });
  });

  it('repeats itself for the same slot without a word to the others, and drops a change of slot', () => {
    const test = new TestRoom();
    const client = test.join('Ann', 'Oak');
    const other = test.join('Ben', 'Oak');
    const connect = (name: string) => ({
      cmd: 'Connect',
      password: null,
      game: 'Oak',
      name,
      uuid: '',
      version: { class: 'Version', major: 0, minor: 6, build: 7 },
      items_handling: 1,
      tags: [],
    });
    test.send(client, connect('Ann'));
    expect(test.take(client).map(({ cmd }) => cmd)).toEqual(['Connected']);
    expect(test.take(other)).toEqual([]);
    test.send(client, connect('Ben'));
    expect(test.closed.get(client)).toBe(1000);
    expect(test.room.inspect.connections).toBe(1);
  });

  it('sends slot data as the room file has it', () => {
    const test = new TestRoom();
    const client = test.join('Ann', 'Oak');
    test.send(client, { cmd: 'Get', keys: ['_read_slot_data_1'] });
    expect(test.takeTexts(client)).toEqual([
      '[{"cmd":"Retrieved","keys":{"_read_slot_data_1":{"9":[1],"10":true,"speed":1.5}}}]',
    ]);
  });
});
