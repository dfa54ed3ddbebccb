import { describe, expect, it } from 'vitest';
import { TestRoom } from '../test-support/test-room.js';

describe('storage', () => {
  it('shows in-place changes everywhere the same object stands, as Python does', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    const operations = [{ operation: 'update', value: [2] }];
    test.send(ann, { cmd: 'Set', key: 'k', default: [1], want_reply: true, operations });
    expect(test.takeTexts(ann)).toEqual([
      '[{"cmd":"SetReply","key":"k","default":[1,2],"want_reply":true,"operations":[{"operation":"update","value":[2]}],"original_value":[1],"slot":1,"value":[1,2]}]',
    ]);
  });

  it('writes each reply as of its own time', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    const add = (value: number) => ({
      cmd: 'Set',
      key: 'k',
      default: [],
      want_reply: true,
      operations: [{ operation: 'update', value: [value] }],
    });
    test.send(ann, add(1), add(2));
    expect(test.take(ann).map(({ value }) => value)).toEqual([[1], [1, 2]]);
  });

  it('keeps what was changed in place before the operation that raises', () => {
    const test = new TestRoom();
    const first = test.join('Ann', 'Oak');
    test.send(first, { cmd: 'Set', key: 'k', operations: [{ operation: 'replace', value: [1] }] });
    test.send(first, {
      cmd: 'Set',
      key: 'k',
      operations: [
        { operation: 'update', value: [2] },
        { operation: 'floor', value: 0 },
      ],
    });
    expect(test.closed.get(first)).toBe(1000);
    expect(test.room.inspect.stored('k')).toEqual([1, 2]);
  });

  it('drops whoever touches a value that cannot be written, and keeps it', () => {
    const test = new TestRoom();
    const watcher = test.join('Ben', 'Oak');
    const writer = test.join('Ann', 'Oak');
    test.send(writer, {
      cmd: 'Set',
      key: 'c',
      default: -8,
      want_reply: true,
      operations: [{ operation: 'pow', value: 0.5 }],
    });
    expect(test.closed.get(writer)).toBe(1000);
    const reader = test.join('Ann', 'Oak');
    test.send(reader, { cmd: 'Get', keys: ['c'] });
    expect(test.closed.get(reader)).toBe(1000);
    expect(test.closed.has(watcher)).toBe(false);
    expect(() => test.room.load(test.room.save())).not.toThrow();
  });

  it('knows one spelling of each read-only key', () => {
    const test = new TestRoom();
    const ann = test.join('Ann', 'Oak');
    test.send(ann, {
      cmd: 'Get',
      keys: ['_read_hints_0_01', '_read_hints_0_9', '_read_hints_1_1', '_read_client_status_0_4'],
    });
    const keys: unknown = test.take(ann)[0]?.['keys'];
    expect(keys).toEqual({
      _read_hints_0_01: null,
      _read_hints_0_9: null,
      _read_hints_1_1: null,
      _read_client_status_0_4: 30,
    });
  });

  it('forgets the watches of who has left', () => {
    const test = new TestRoom();
    const clients = Array.from({ length: 50 }, () => test.join('Ann', 'Oak'));
    for (const client of clients) test.send(client, { cmd: 'SetNotify', keys: ['a', 'b', '_read_hints_0_1'] });
    expect(test.room.inspect.watched().get('a')).toBe(50);
    for (const client of clients) test.room.leave(client);
    expect(test.room.inspect.watched().size).toBe(0);
    expect(test.room.inspect.connections).toBe(0);
  });
});
