import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientPacket } from './client-packets.js';
import { decodeClientMessage } from './codec.js';
import { packMessages } from './pack-messages.js';

const packet: fc.Arbitrary<ClientPacket> = fc.oneof(
  fc.record({ cmd: fc.constant('LocationChecks' as const), locations: fc.array(fc.integer(), { maxLength: 60 }) }),
  fc.record({
    cmd: fc.constant('SetNotify' as const),
    keys: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 30 }),
  }),
  fc.record({ cmd: fc.constant('Say' as const), text: fc.string({ unit: 'grapheme', maxLength: 200 }) }),
);

const ids = (packets: readonly ClientPacket[]) =>
  packets.flatMap((entry) => (entry.cmd === 'LocationChecks' ? entry.locations : []));
const keys = (packets: readonly ClientPacket[]) =>
  packets.flatMap((entry) => (entry.cmd === 'SetNotify' ? entry.keys : []));

describe('packMessages', () => {
  it('loses nothing, keeps the order and the limit', () => {
    void fc.assert(
      fc.property(fc.array(packet), fc.integer({ min: 60, max: 400 }), (packets, maxBytes) => {
        const { messages, tooLarge } = packMessages(packets, maxBytes);
        for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(maxBytes);
        const sent = messages.flatMap((message) =>
          decodeClientMessage(message).map((entry) => {
            if (entry.kind !== 'packet') throw new Error(`unreadable: ${message}`);
            return entry.packet;
          }),
        );
        expect(ids(sent)).toEqual(ids(packets));
        const rejectedKeys = new Set(keys(tooLarge));
        expect(keys(sent)).toEqual(keys(packets).filter((key) => !rejectedKeys.has(key) || keys(sent).includes(key)));
        const says = (list: readonly ClientPacket[]) => list.filter((entry) => entry.cmd === 'Say');
        expect(says(sent)).toEqual(says(packets).filter((entry) => !tooLarge.includes(entry)));
      }),
    );
  });

  it('puts what fits into one message', () => {
    expect(packMessages([{ cmd: 'Sync' }, { cmd: 'LocationChecks', locations: [1] }]).messages).toEqual([
      '[{"cmd":"Sync"},{"cmd":"LocationChecks","locations":[1]}]',
    ]);
    expect(packMessages([]).messages).toEqual([]);
  });

  it('splits a hundred thousand checks at the server limit', () => {
    const locations = Array.from({ length: 200_000 }, (_, index) => 10_000_000_000 + index);
    const { messages } = packMessages([{ cmd: 'LocationChecks', locations }]);
    expect(messages.length).toBeGreaterThan(1);
    expect(Math.max(...messages.map((message) => message.length))).toBeLessThanOrEqual(1024 * 1024);
  });
});
