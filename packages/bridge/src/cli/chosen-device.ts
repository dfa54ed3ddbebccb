import type { CallOptions, Device, OpenOptions } from '../device/contract.js';
import type { DEVICE_FLAGS } from './common-flags.js';
import type { VerbCall } from './verb.js';

/** Options for every call to the other side: the person's patience and their wish to stop. */
export const callOptions = (call: Pick<VerbCall, 'flags' | 'signal'>): CallOptions => ({
  signal: call.signal,
  ...(call.flags.timeout === undefined ? {} : { timeoutMs: call.flags.timeout }),
});

/** Opens the device the person chose with `--device`, or the only one there is. */
export const openChosenDevice = async (
  call: VerbCall<typeof DEVICE_FLAGS>,
  options: Pick<OpenOptions, 'onStatus'> = {},
): Promise<Device> => {
  const driver = await call.driver();
  return driver.open(call.flags.device, { ...options, ...callOptions(call), logger: call.logger });
};
