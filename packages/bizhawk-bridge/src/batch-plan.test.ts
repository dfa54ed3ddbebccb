import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerMap } from './answer-map.js';
import { type PeerStep, planBatch } from './batch-plan.js';
import type { LineLimits } from './line-packing.js';
import { ConnectorModel, mixed } from './testing/connector-model.js';

const ROOMY: LineLimits = { requestBytes: 32_768, answerBytes: 61_440, itemBytes: 16_384, mergeReads: true };

const read = (offset: number, size: number, domain = 'A'): PeerStep => ({ kind: 'read', domain, offset, size });
const guard = (offset: number, expect: Uint8Array, domain = 'A'): PeerStep => ({
  kind: 'guard',
  domain,
  offset,
  expect,
});
const write = (offset: number, data: Uint8Array, domain = 'A'): PeerStep => ({ kind: 'write', domain, offset, data });
const requests = (steps: readonly PeerStep[], limits = ROOMY) =>
  planBatch(steps, limits).lines.map((line) => line.map(({ request }) => request));

describe('planBatch', () => {
  it('asks once for reads that touch or overlap, and not across what stands between', () => {
    const steps = [
      read(8, 2),
      read(0, 4),
      read(4, 3),
      read(6, 2),
      read(20, 1),
      read(0, 2, 'B'),
      write(50, mixed(1)),
      read(21, 1),
    ];
    expect(requests(steps)).toEqual([
      [
        { type: 'READ', address: 0, size: 10, domain: 'A' },
        { type: 'READ', address: 20, size: 1, domain: 'A' },
        { type: 'READ', address: 0, size: 2, domain: 'B' },
        { type: 'WRITE', address: 50, value: 'AA==', domain: 'A' },
        { type: 'READ', address: 21, size: 1, domain: 'A' },
      ],
    ]);
  });

  it('sends reads as they are when told not to merge', () => {
    expect(requests([read(5, 2), read(5, 3), read(0, 0)], { ...ROOMY, mergeReads: false })).toEqual([
      [
        { type: 'READ', address: 5, size: 2, domain: 'A' },
        { type: 'READ', address: 5, size: 3, domain: 'A' },
        { type: 'READ', address: 0, size: 0, domain: 'A' },
      ],
    ]);
  });

  it('splits what is too long for one request, and stays on one line where it fits', () => {
    expect(requests([read(0, 40_000)])).toEqual([
      [
        { type: 'READ', address: 0, size: 16_384, domain: 'A' },
        { type: 'READ', address: 16_384, size: 16_384, domain: 'A' },
        { type: 'READ', address: 32_768, size: 7232, domain: 'A' },
      ],
    ]);
  });

  it('needs no line for no steps', () => {
    expect(planBatch([], ROOMY).lines).toEqual([]);
  });

  it('repeats the guards on every line of reads that do not fit one', () => {
    const lines = requests([guard(1, mixed(1)), read(0, 65_536), guard(2, mixed(1)), read(0, 1, 'B')]);
    expect(lines.length).toBeGreaterThan(1);
    for (const [first] of lines) expect(first).toMatchObject({ type: 'GUARD', address: 1 });
    expect(lines.at(-1)?.slice(-2)).toMatchObject([
      { type: 'GUARD', address: 2 },
      { type: 'READ', domain: 'B' },
    ]);
  });

  it('does not split guarded writes, but splits unguarded ones', () => {
    const data = mixed(100_000);
    expect(() => planBatch([guard(0, mixed(1)), write(0, data)], ROOMY)).toThrowError(
      expect.objectContaining({ code: 'batch_too_large' }),
    );
    expect(requests([write(0, data)]).length).toBeGreaterThan(1);
  });

  it('refuses a guard that leaves no room', () => {
    expect(() => planBatch([guard(0, mixed(100_000)), read(0, 1)], ROOMY)).toThrowError(
      expect.objectContaining({ code: 'batch_too_large' }),
    );
  });

  it('stays below its limits', () => {
    fc.assert(
      fc.property(anySteps, anyLimits, (steps, limits) => {
        for (const line of planOrNothing(steps, limits)?.lines ?? []) {
          const text = JSON.stringify(line.map(({ request }) => request));
          expect(text.length).toBeLessThanOrEqual(limits.requestBytes);
          const answer = JSON.stringify(model().answer(line.map(({ request }) => request)));
          expect(answer.length).toBeLessThanOrEqual(limits.answerBytes);
        }
      }),
    );
  });
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const SIZE = 1500;
const model = (): ConnectorModel =>
  new ConnectorModel({
    domains: [
      { name: 'A', bytes: mixed(SIZE, 1) },
      { name: 'B', bytes: mixed(SIZE, 2) },
    ],
  });

const place = fc.record({ domain: fc.constantFrom('A', 'B'), offset: fc.nat(SIZE - 1) });
const length = fc.oneof(fc.nat(8), fc.nat(700));
const anyRead: fc.Arbitrary<PeerStep> = fc
  .tuple(place, length)
  .map(([at, size]) => ({ kind: 'read' as const, ...at, size: Math.min(size, SIZE - at.offset) }));
/** Three of four hold. */
const anyGuard: fc.Arbitrary<PeerStep> = fc
  .tuple(place, length, fc.nat(3))
  .map(([at, size, luck]) => ({ kind: 'guard' as const, ...at, expect: guardBytes(at, size, luck > 0) }));
const anyWrite: fc.Arbitrary<PeerStep> = fc
  .tuple(place, fc.uint8Array({ maxLength: 200 }))
  .map(([at, data]) => ({ kind: 'write' as const, ...at, data: data.subarray(0, SIZE - at.offset) }));
const anySteps = fc.oneof(
  fc.array(fc.oneof(anyRead, anyGuard, anyWrite), { maxLength: 14 }),
  fc.array(fc.oneof(anyRead, anyRead, anyGuard), { maxLength: 20 }),
  fc.array(fc.oneof(anyRead, anyWrite, anyWrite), { maxLength: 20 }),
);
const anyLimits = fc.record({
  requestBytes: fc.integer({ min: 600, max: 6000 }),
  answerBytes: fc.integer({ min: 900, max: 6000 }),
  itemBytes: fc.integer({ min: 16, max: 256 }),
  mergeReads: fc.boolean(),
});

/** What stands there before the batch; spoilt in one byte when it shall not hold. */
const guardBytes = (at: { domain: string; offset: number }, size: number, holds: boolean): Uint8Array => {
  const bytes = model()
    .bytes(at.domain)
    .slice(at.offset, Math.min(SIZE, at.offset + Math.min(size, 40)));
  if (!holds && bytes[0] !== undefined) bytes[0] ^= 255;
  return bytes;
};

const planOrNothing = (steps: readonly PeerStep[], limits: LineLimits) => {
  try {
    return planBatch(steps, limits);
  } catch (error) {
    expect(error).toMatchObject({ code: 'batch_too_large' });
    return undefined;
  }
};

/** The meaning of a batch, said as plainly as possible. */
const meaning = (steps: readonly PeerStep[], on: ConnectorModel) => {
  const reads: Uint8Array[] = [];
  for (const [index, step] of steps.entries()) {
    const memory = on.bytes(step.domain);
    if (step.kind === 'read') reads.push(memory.slice(step.offset, step.offset + step.size));
    else if (step.kind === 'write') memory.set(step.data, step.offset);
    else if (!step.expect.every((byte, i) => memory[step.offset + i] === byte)) return { failedGuard: index, reads };
  }
  return { failedGuard: undefined, reads };
};

describe('a plan and its answers', () => {
  it('do what the steps say, whatever the limits', () => {
    let split = 0;
    fc.assert(
      fc.property(anySteps, anyLimits, (steps, limits) => {
        const plan = planOrNothing(steps, limits);
        if (!plan) return;
        const played = model();
        const expected = model();
        const answers = new AnswerMap(plan);
        if (plan.lines.length > 1) split++;
        for (const line of plan.lines) {
          answers.takeLine(line, played.answer(line.map(({ request }) => request)));
          if (answers.failedGuard !== undefined) break;
        }
        const { failedGuard, reads } = meaning(steps, expected);
        expect(answers.failedGuard).toBe(failedGuard);
        expect(answers.reads().map(hex)).toEqual(reads.map(hex));
        for (const name of ['A', 'B']) expect(hex(played.bytes(name))).toBe(hex(expected.bytes(name)));
      }),
      { numRuns: 400 },
    );
    expect(split).toBeGreaterThan(20);
  });
});
