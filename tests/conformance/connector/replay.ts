import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ConnectorUnderTest } from './connector-under-test.js';
import type { Difference } from './differences.js';
import { LineSocket } from './line-socket.js';
import type { RecordedStep, Recording } from './recording.js';

/** Longer than a frame, so that pieces of a line are seen apart. */
const APART_MS = 50;

const UNKNOWN_COMMAND = /^Unknown command: /;

/** Error texts come from the Lua runtime or the host, except for unknown commands. */
const withoutOpaqueTexts = (value: unknown): unknown => {
  if (!Array.isArray(value)) return value;
  return value.map((item: { type?: unknown; err?: unknown }) =>
    item.type === 'ERROR' && !UNKNOWN_COMMAND.test(String(item.err)) ? { type: 'ERROR' } : item,
  );
};

const parsed = (line: string | undefined): unknown => {
  if (line === undefined) return 'connection closed';
  return withoutOpaqueTexts(JSON.parse(line));
};

const send = async (client: LineSocket, step: RecordedStep): Promise<void> => {
  let rest = step.text ?? '';
  for (const piece of step.pieces?.slice(0, -1) ?? []) {
    client.write(rest.slice(0, piece.len));
    rest = rest.slice(piece.len);
    await delay(APART_MS);
  }
  client.write(rest);
};

const expectMessages = async (recording: Recording, connector: ConnectorUnderTest): Promise<void> => {
  const expected = recording.steps.filter((step) => step.event === 'on-screen').map((step) => step.text);
  if (expected.length === 0) return;
  await expect.poll(() => connector.messages.map(({ text }) => text), { timeout: 8_000 }).toEqual(expected);
  const frames = connector.messages.map(({ frame }) => frame);
  expect([...new Set(frames)], 'no two messages share a frame').toEqual(frames);
};

/**
 * Plays the client of a recording against a connector and compares every answer as a JSON value with the recorded one, or
 * with what `differences` put in its place. Fails on answers nobody expects and on differences that were not met.
 */
export const playRecording = async (
  recording: Recording,
  connector: ConnectorUnderTest,
  differences: readonly Difference[],
): Promise<void> => {
  const unmet = new Set(differences.filter((difference) => difference.case === recording.case));
  const difference = (n: number, how: Difference['how']): Difference | undefined => {
    const found = [...unmet].find((candidate) => candidate.n === n && candidate.how === how);
    if (found) unmet.delete(found);
    return found;
  };
  await using client = await LineSocket.open(connector.port);
  let frame = -1;
  for (const step of recording.steps) {
    if (step.dir === 'c2s') await send(client, step);
    if (step.dir === 's2c') {
      const ours = difference(step.n, 'instead');
      const expected = ours ? withoutOpaqueTexts(ours.answer) : parsed(step.text);
      expect(parsed(await client.line()), `step ${step.n}`).toEqual(expected);
    }
    if (step.frame !== undefined && step.event === 'note') {
      const now = await connector.frame();
      expect(now, `step ${step.n}: frames go on`).toBeGreaterThan(frame);
      frame = now;
    }
    const also = difference(step.n, 'also');
    if (also) expect(parsed(await client.line()), `after step ${step.n}`).toEqual(withoutOpaqueTexts(also.answer));
  }
  expect(await client.ask('VERSION'), 'nothing was answered twice').toBe('1');
  expect([...unmet], 'every difference was met').toEqual([]);
  await expectMessages(recording, connector);
};
