import type { BatchResult, Device, Step } from '@causeway/bridge/device';
import { expect } from 'vitest';

/** A busy machine may get between the replies; then the device does not claim that they are of one frame. */
export const inOneFrame = async (device: Device, batch: readonly Step[]): Promise<BatchResult> => {
  const results: BatchResult[] = [];
  const again = async (): Promise<boolean> => results[results.push(await device.run(batch)) - 1]!.atomic;
  await expect.poll(again, { timeout: 10_000 }).toBe(true);
  return results.at(-1)!;
};
