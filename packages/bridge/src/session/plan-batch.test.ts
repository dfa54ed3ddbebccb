import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '../device/contract.js';
import type { WriteEffect } from '../game/delivery.js';
import { judgeBatch, outcomesOf, planBatch } from './plan-batch.js';

const guard = (offset: number) => ({ at: { domain: 'RAM', offset }, expect: Uint8Array.of(1) });
const effect = (label: string, offset: number): WriteEffect => ({
  kind: 'write',
  label,
  guards: [guard(offset)],
  writes: [{ at: { domain: 'RAM', offset }, data: Uint8Array.of(2) }],
});
const shape = (steps: readonly Step[]): string => steps.map(({ kind, at }) => `${kind[0]}${at.offset}`).join(' ');

const request = {
  identity: [guard(90)],
  plan: {
    regions: { b: { domain: 'RAM', offset: 2, size: 2 }, a: { domain: 'RAM', offset: 0, size: 2 } },
    guards: [guard(80)],
  },
  effects: [effect('one', 10), effect('two', 20)],
  reguard: false,
};

describe('batch', () => {
  it('guards, reads once what touches, and writes last', () => {
    expect(shape(planBatch(request).steps)).toBe('g90 g80 r0 g10 w10 g20 w20');
  });

  it('guards again after the reads where they could tear', () => {
    expect(shape(planBatch({ ...request, reguard: true }).steps)).toBe('g90 g80 r0 g90 g80 g10 w10 g20 w20');
  });

  it('gives each name its bytes, also when a write was refused', () => {
    const batch = planBatch(request);
    const reads = [Uint8Array.of(1, 2, 3, 4)];
    const snapshot = { b: Uint8Array.of(3, 4), a: Uint8Array.of(1, 2) };
    expect(judgeBatch(batch, { ok: true, atomic: true, reads })).toEqual({
      verdict: { kind: 'seen', snapshot },
      refused: Number.POSITIVE_INFINITY,
    });
    expect(judgeBatch(batch, { ok: false, atomic: true, reads, failedGuard: 5 })).toEqual({
      verdict: { kind: 'seen', snapshot },
      refused: 1,
    });
  });

  it.each([
    [0, 'identity'],
    [1, 'plan'],
  ])('says what guard %i stood for', (failedGuard, kind) => {
    const { verdict, refused } = judgeBatch(planBatch(request), { ok: false, atomic: true, reads: [], failedGuard });
    expect(verdict).toEqual({ kind });
    expect(outcomesOf(request.effects, refused)).toEqual([
      { label: 'one', outcome: 'skipped' },
      { label: 'two', outcome: 'skipped' },
    ]);
  });

  it('tells applied, refused and skipped apart', () => {
    const effects = ['a', 'b', 'c'].map((label) => effect(label, 1));
    expect(outcomesOf(effects, 1).map(({ outcome }) => outcome)).toEqual(['applied', 'refused', 'skipped']);
    expect(outcomesOf(effects, Number.POSITIVE_INFINITY).map(({ outcome }) => outcome)).toEqual(
      Array(3).fill('applied'),
    );
  });

  it('cuts any regions out of any memory', () => {
    const memory = Uint8Array.from({ length: 64 }, (_, index) => index);
    const regions = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.record({ domain: fc.constant('RAM'), offset: fc.nat({ max: 50 }), size: fc.integer({ min: 1, max: 14 }) }),
    );
    fc.assert(
      fc.property(regions, (wanted) => {
        const batch = planBatch({ identity: [], plan: { regions: wanted }, effects: [], reguard: false });
        const reads = batch.steps.flatMap((step) =>
          step.kind === 'read' ? [memory.slice(step.at.offset, step.at.offset + step.size)] : [],
        );
        const { verdict } = judgeBatch(batch, { ok: true, atomic: true, reads });
        const expected = Object.fromEntries(
          Object.entries(wanted).map(([name, { offset, size }]) => [name, memory.slice(offset, offset + size)]),
        );
        expect(verdict).toEqual({ kind: 'seen', snapshot: expected });
      }),
    );
  });
});
