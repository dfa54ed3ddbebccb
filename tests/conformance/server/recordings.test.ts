import { describe, expect, it } from 'vitest';
import { canonical } from './canonical.js';
import { DIFFERENCES } from './differences.js';
import { readRecordings } from './recording.js';
import { recordedOutcomes, replay } from './replay.js';

const recordings = readRecordings();

/** Commands the server sends on its own account; the others answer the client that asked. */
const BROADCASTS = /^\[\{"cmd":"(?:PrintJSON|RoomUpdate|SetReply)"/;

/** Replies in order, then broadcasts in order. */
const inLanes = (messages: readonly string[]): readonly string[] => [
  ...messages.filter((message) => !BROADCASTS.test(message)),
  ...messages.filter((message) => BROADCASTS.test(message)),
];

describe('the recorded clients, against our server', () => {
  it('are all there', () => {
    expect(recordings).toHaveLength(41);
  });

  for (const recording of recordings) {
    it(`${recording.name}: ${recording.about}`, async () => {
      const played = await replay(recording);
      const recorded = recordedOutcomes(recording);
      expect([...played.keys()]).toEqual([...recorded.keys()]);
      for (const [label, expected] of recorded) {
        const actual = played.get(label)!;
        const difference = DIFFERENCES.find((d) => d.scenario === recording.name && d.connection === label);
        const got = actual.messages.map(canonical);
        const wanted = expected.messages.map(canonical);
        if (difference) {
          expect(got, `${label} differs no longer`).not.toEqual(wanted);
          expect(inLanes(got), label).toEqual(inLanes(wanted));
        } else {
          expect(got, label).toEqual(wanted);
        }
        expect(actual.close, label).toEqual(expected.close);
      }
    });
  }

  it('differ only where a reason is given', () => {
    for (const { scenario, connection, reason } of DIFFERENCES) {
      const recording = recordings.find(({ name }) => name === scenario);
      expect(recording?.events.some(({ conn }) => conn === connection)).toBe(true);
      expect(reason.length).toBeGreaterThan(40);
    }
  });
});
