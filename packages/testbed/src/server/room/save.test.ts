import { describe, expect, it } from 'vitest';
import { TestRoom } from '../test-support/test-room.js';

const played = (): TestRoom => {
  const test = new TestRoom();
  const ann = test.join('Ann', 'Oak');
  test.send(ann, { cmd: 'LocationChecks', locations: [10, 12] });
  test.send(ann, { cmd: 'LocationScouts', locations: [11, 10], create_as_hint: 1 });
  test.send(ann, { cmd: 'StatusUpdate', status: 20 });
  test.send(ann, { cmd: 'Say', text: '!alias Queen' });
  test.send(ann, { cmd: 'Set', key: 'k', operations: [{ operation: 'replace', value: { b: [1, 2.5], a: null } }] });
  test.room.receive(
    ann,
    '[{"cmd":"Set","key":"big","default":9007199254740993,"operations":[{"operation":"mul","value":1.0}]}]',
  );
  test.room.console('/send Cid Pearl');
  test.room.console('/allow_release Ben');
  return test;
};

describe('a saved room', () => {
  it('comes back whole in a fresh server', () => {
    const before = played();
    const after = new TestRoom();
    after.room.load(before.room.save());
    for (const slot of [1, 2, 3, 4]) {
      expect(after.room.inspect.items(slot)).toEqual(before.room.inspect.items(slot));
      expect(after.room.inspect.checked(slot)).toEqual(before.room.inspect.checked(slot));
      expect(after.room.inspect.hints(slot)).toEqual(before.room.inspect.hints(slot));
      expect(after.room.inspect.status(slot)).toEqual(before.room.inspect.status(slot));
    }
    expect(after.room.inspect.stored('k')).toEqual(before.room.inspect.stored('k'));
    expect(after.room.save()).toBe(before.room.save());
    const ann = after.join('Ann', 'Oak');
    after.send(ann, { cmd: 'Sync' }, { cmd: 'Get', keys: ['big'] });
    expect(after.takeTexts(ann)).toEqual([
      expect.stringContaining('"index":0'),
      '[{"cmd":"Retrieved","keys":{"big":9007199254740992.0}}]',
    ]);
  });

  it('takes a room back to an earlier time', () => {
    const test = new TestRoom();
    const fresh = test.room.save();
    const ann = test.join('Ann', 'Oak');
    test.send(ann, { cmd: 'LocationChecks', locations: [10] });
    test.room.leave(ann);
    test.room.load(fresh);
    expect(test.room.inspect.checked(1)).toEqual([]);
    expect(test.room.inspect.items(1)).toEqual([]);
  });

  it.each(['', '{}', '{"version":1,"seed":"other"}', '{"version":1,"seed":"small"}', '[]'])('is not %j', (text) => {
    const test = played();
    const before = test.room.save();
    expect(() => test.room.load(text)).toThrow(expect.objectContaining({ code: 'room_invalid' }));
    expect(test.room.save()).toBe(before);
  });
});
