import type { ConnectorResponse } from '@causeway/protocol/connector';
import { describe, expect, it } from 'vitest';
import { AnswerMap } from './answer-map.js';
import { type PeerStep, planBatch } from './batch-plan.js';

const LIMITS = { requestBytes: 32_768, answerBytes: 61_440, itemBytes: 4, mergeReads: true };
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

const STEPS: readonly PeerStep[] = [
  { kind: 'read', domain: 'A', offset: 0, size: 2 },
  { kind: 'guard', domain: 'A', offset: 9, expect: bytes(1) },
  { kind: 'write', domain: 'A', offset: 4, data: bytes(7) },
  { kind: 'read', domain: 'A', offset: 0, size: 6 },
];
const READ: ConnectorResponse = { type: 'READ_RESPONSE', value: 'AAE=' };
const HOLDS: ConnectorResponse = { type: 'GUARD_RESPONSE', value: true, address: 9 };
const FAILS: ConnectorResponse = { type: 'GUARD_RESPONSE', value: false, address: 9 };
const WROTE: ConnectorResponse = { type: 'WRITE_RESPONSE' };
const FOUR: ConnectorResponse = { type: 'READ_RESPONSE', value: 'AAECAw==' };
const TWO: ConnectorResponse = { type: 'READ_RESPONSE', value: 'BAU=' };
const ERROR: ConnectorResponse = { type: 'ERROR', err: 'Unknown error' };

const take = (answers: readonly ConnectorResponse[]): AnswerMap => {
  const plan = planBatch(STEPS, LIMITS);
  const map = new AnswerMap(plan);
  map.takeLine(plan.lines[0] ?? [], answers);
  return map;
};
const unexpected = expect.objectContaining({ code: 'protocol_unexpected' });
const refused = (context: Record<string, unknown>) =>
  expect.objectContaining({ code: 'batch_step_failed', context: expect.objectContaining(context) });

describe('AnswerMap', () => {
  it('joins the pieces of a long read', () => {
    const map = take([READ, HOLDS, WROTE, FOUR, TWO]);
    expect(map.failedGuard).toBeUndefined();
    expect(map.reads()).toEqual([bytes(0, 1), bytes(0, 1, 2, 3, 4, 5)]);
  });

  it('takes copies of a failed guard for what did not happen', () => {
    const map = take([READ, FAILS, FAILS, FAILS, FAILS]);
    expect(map.failedGuard).toBe(1);
    expect(map.reads()).toEqual([bytes(0, 1)]);
  });

  it.each<[string, ConnectorResponse[]]>([
    ['too few answers', [READ, HOLDS, WROTE, FOUR]],
    ['too many answers', [READ, HOLDS, WROTE, FOUR, TWO, TWO]],
    ['no answer', []],
    ['answers in another order', [HOLDS, READ, WROTE, FOUR, TWO]],
    ['a write after a failed guard', [READ, FAILS, WROTE, FAILS, FAILS]],
    ['an error after a failed guard', [READ, FAILS, ERROR, FAILS, FAILS]],
    ['a copy without a failed guard', [READ, HOLDS, WROTE, FAILS, FAILS]],
    ['a guard that holds in the place of a write', [READ, HOLDS, HOLDS, FOUR, TWO]],
    ['a short read', [READ, HOLDS, WROTE, TWO, TWO]],
    ['a long read', [READ, HOLDS, WROTE, FOUR, FOUR]],
  ])('does not take %s', (_, answers) => {
    expect(() => take(answers)).toThrowError(unexpected);
  });

  it('does not take broken base64', () => {
    expect(() => take([{ type: 'READ_RESPONSE', value: 'A' }, HOLDS, WROTE, FOUR, TWO])).toThrowError(
      expect.objectContaining({ code: 'protocol_malformed' }),
    );
  });

  it('never lets an error pass as the success of another', () => {
    expect(() => take([READ, HOLDS, ERROR, FOUR, TWO])).toThrowError(
      refused({ step: 2, error: 'Unknown error', executed: [0, 1, 3] }),
    );
    expect(() => take([READ, HOLDS, WROTE, FOUR, ERROR])).toThrowError(refused({ step: 3, executed: [0, 1, 2] }));
    expect(() => take([ERROR, HOLDS, WROTE, ERROR, TWO])).toThrowError(refused({ step: 0, executed: [1, 2] }));
  });

  it('says what was done behind a guard that erred: everything on the reference, nothing on ours', () => {
    expect(() => take([READ, ERROR, WROTE, FOUR, TWO])).toThrowError(refused({ step: 1, executed: [0, 2, 3] }));
    expect(() => take([READ, ERROR, ERROR, ERROR, ERROR])).toThrowError(refused({ step: 1, executed: [0] }));
    expect(() => take([READ, ERROR, FAILS, FAILS, FAILS])).toThrowError(refused({ step: 1, executed: [0] }));
  });
});
