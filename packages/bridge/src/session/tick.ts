import { CausewayError, type ErrorCode, isDeviceGone } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import type { BatchResult, Device } from '../device/contract.js';
import type { WriteOutcome } from '../game/contract.js';
import type { WriteEffect } from '../game/delivery.js';
import type { GameRun } from './game-run.js';
import { judgeBatch, outcomesOf, planBatch } from './plan-batch.js';
import { untilAborted } from './until-aborted.js';

export type Tick =
  | { readonly kind: 'played' | 'idle' | 'gameChanged'; readonly frame?: number }
  /** The device refused the batch and lives. */
  | { readonly kind: 'failed'; readonly error: CausewayError };

/** Refusals by which a device says that nothing was sent. Any other failure leaves it open what was done. */
const BEFORE_SENDING: ReadonlySet<ErrorCode> = new Set([
  'domain_unknown',
  'address_out_of_range',
  'domain_read_only',
  'batch_too_large',
]);

const outcomesOfFailure = (effects: readonly WriteEffect[], error: unknown): readonly WriteOutcome[] => {
  const skipped = CausewayError.is(error) && BEFORE_SENDING.has(error.code);
  return effects.map(({ label }) => ({ label, outcome: skipped ? 'skipped' : 'unknown' }));
};

/**
 * One tick: one batch, one step, its effects.
 * Rejects when the device is gone, the signal aborted or the module failed.
 */
export const runTick = async (device: Device, run: GameRun, clock: Clock, signal: AbortSignal): Promise<Tick> => {
  const planned = run.plan();
  const effects = planned ? run.writes.take() : [];
  const reguard = run.tornBatches || !device.info.capabilities.has('atomicBatch');
  const identity = run.identityGuards;
  const batch = planBatch({ identity, plan: planned?.plan ?? { regions: {} }, effects, reguard });
  if (batch.steps.length === 0) return { kind: 'idle' };
  let result: BatchResult;
  try {
    result = await untilAborted(device.run(batch.steps, { signal }), signal);
  } catch (error) {
    run.writes.settle(outcomesOfFailure(effects, error));
    if (signal.aborted || isDeviceGone(error)) throw error;
    return { kind: 'failed', error: CausewayError.from(error) };
  }
  const frame = result.frame === undefined ? {} : { frame: result.frame };
  const { verdict, refused } = judgeBatch(batch, result);
  run.writes.settle(outcomesOf(effects, refused));
  if (verdict.kind === 'identity') return { kind: 'gameChanged' };
  if (!planned) return { kind: 'idle', ...frame };
  if (!result.atomic && !reguard) {
    // Too much for one frame after all: these reads need not fit together.
    run.tornBatches = true;
    return { kind: 'played', ...frame };
  }
  if (verdict.kind === 'plan') run.guardFailed();
  else {
    const { epoch } = planned;
    run.step({ epoch, snapshot: verdict.snapshot, time: clock.now(), frame: result.frame }, device);
  }
  const played = result.frame ?? run.gameFrame;
  return played === undefined ? { kind: 'played' } : { kind: 'played', frame: played };
};
