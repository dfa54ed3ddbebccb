import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeClientMessage, decodeServerMessage, encodeClientMessage, encodeServerMessage } from './codec.js';

const good =
  '{"cmd":"ReceivedItems","index":0,"items":[{"item":1,"location":2,"player":3,"flags":4,"class":"NetworkItem"}]}';

describe('decodeServerMessage', () => {
  it('keeps the commands around a broken and an unknown one', () => {
    const decoded = decodeServerMessage(
      `[${good},{"cmd":"ReceivedItems","index":"x"},{"cmd":"New","a":1},7,null,${good}]`,
    );
    expect(decoded.map(({ kind }) => kind)).toEqual([
      'packet',
      'malformed',
      'unknown',
      'malformed',
      'malformed',
      'packet',
    ]);
    expect(decoded[1]).toMatchObject({ cmd: 'ReceivedItems', problem: expect.stringContaining('index') });
    expect(decoded[2]).toEqual({ kind: 'unknown', cmd: 'New', value: { cmd: 'New', a: 1 } });
  });

  it('never throws', () => {
    void fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `[${good},${text}]`),
        ),
        (text) => {
          expect(Array.isArray(decodeServerMessage(text))).toBe(true);
          expect(Array.isArray(decodeClientMessage(text))).toBe(true);
        },
      ),
    );
  });

  it('checks every entry of a list of items, gives the flags a server left out, and names the entry that is wrong', () => {
    const items = (entry: string): string =>
      `[{"cmd":"ReceivedItems","index":0,"items":[{"item":1,"location":2,"player":3,"flags":0},${entry}]}]`;
    expect(decodeServerMessage(items('{"item":5,"location":6,"player":7,"new":true}'))[0]).toMatchObject({
      packet: { items: [{ item: 1 }, { item: 5, location: 6, player: 7, flags: 0, new: true }] },
    });
    for (const wrong of [
      '{"item":"5","location":6,"player":7}',
      '{"location":6,"player":7,"flags":1.5}',
      'null',
      '[]',
    ]) {
      const [decoded] = decodeServerMessage(items(wrong));
      expect(decoded).toMatchObject({ kind: 'malformed', problem: expect.stringContaining('items.1') });
    }
  });

  it('lets unknown fields pass', () => {
    const [first] = decodeServerMessage('[{"cmd":"RoomUpdate","hint_points":1,"new_field":{"x":[1]}}]');
    expect(first).toEqual({ kind: 'packet', packet: { cmd: 'RoomUpdate', hint_points: 1, new_field: { x: [1] } } });
  });

  it('reads numbers that JSON.parse cannot', () => {
    const [first] = decodeServerMessage(
      '[{"cmd":"Retrieved","keys":{"a":NaN,"b":-Infinity,"c":12345678901234567890}}]',
    );
    expect(first).toEqual({
      kind: 'packet',
      packet: { cmd: 'Retrieved', keys: { a: Number.NaN, b: Number.NEGATIVE_INFINITY, c: 12345678901234567890n } },
    });
  });

  it('takes a Bounced of any shape', () => {
    for (const text of ['{"cmd":"Bounced"}', '{"cmd":"Bounced","tags":"x","slots":["2"],"data":[NaN]}']) {
      expect(decodeServerMessage(`[${text}]`)[0]?.kind).toBe('packet');
    }
  });
});

describe('encodeClientMessage', () => {
  it('writes `class` for the version of Connect and nowhere else', () => {
    const text = encodeClientMessage([
      {
        cmd: 'Connect',
        password: null,
        game: 'G',
        name: 'N',
        uuid: 'u',
        version: { class: 'Version', major: 0, minor: 6, build: 7 },
        items_handling: 7,
        tags: ['AP'],
        slot_data: true,
      },
      { cmd: 'Bounce', tags: ['x'], data: { class: 'Version', kept: [{ class: 'Hint', n: 2n ** 60n }] } },
    ]);
    expect(JSON.parse(text)).toEqual([
      {
        cmd: 'Connect',
        password: null,
        game: 'G',
        name: 'N',
        uuid: 'u',
        version: { class: 'Version', major: 0, minor: 6, build: 7 },
        items_handling: 7,
        tags: ['AP'],
        slot_data: true,
      },
      { cmd: 'Bounce', tags: ['x'], data: { kept: [{ n: 2 ** 60 }] } },
    ]);
    expect(text).toContain('"n":1152921504606846976}');
  });

  it('is understood by a server that reads with our own decoder', () => {
    const packets = [
      { cmd: 'LocationChecks', locations: [1, 2] },
      { cmd: 'Get', keys: ['k'], request: 'r1' },
      { cmd: 'Set', key: 'k', default: 0, want_reply: true, operations: [{ operation: 'add', value: -1n }] },
    ] as const;
    expect(decodeClientMessage(encodeClientMessage(packets)).map((entry) => entry.kind)).toEqual([
      'packet',
      'packet',
      'packet',
    ]);
  });

  it('writes for clients what they can read', () => {
    const packet = { cmd: 'SetReply', key: 'k', value: Number.POSITIVE_INFINITY, slot: 2 } as const;
    expect(decodeServerMessage(encodeServerMessage([packet]))).toEqual([{ kind: 'packet', packet }]);
  });
});
