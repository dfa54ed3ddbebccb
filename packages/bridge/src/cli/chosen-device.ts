import type { CallOptions, Device, DeviceStatus, OpenOptions } from '../device/contract.js';
import type { DEVICE_FLAGS } from './common-flags.js';
import { span } from './styled-text.js';
import type { VerbCall } from './verb.js';

/** Options for every call to the other side: the person's patience and their wish to stop. */
export const callOptions = (call: Pick<VerbCall, 'flags' | 'signal'>): CallOptions => ({
  signal: call.signal,
  ...(call.flags.timeout === undefined ? {} : { timeoutMs: call.flags.timeout }),
});

/** Says when the emulator stops answering, and when it answers again. */
const tellPauses = ({ output }: Pick<VerbCall, 'output'>): ((status: DeviceStatus) => void) => {
  let paused = false;
  return (status) => {
    if (status === 'closed' || (status === 'paused') === paused) return;
    paused = status === 'paused';
    output.note(
      paused
        ? span('warning', 'The emulator does not answer: paused, or a menu is open.')
        : span('good', 'The emulator answers again.'),
    );
  };
};

/** Opens the device the person chose with `--device`, or the only one there is. */
export const openChosenDevice = async (
  call: VerbCall<typeof DEVICE_FLAGS>,
  options: OpenOptions = {},
): Promise<Device> => {
  const driver = await call.driver();
  const own = { logger: call.logger, onStatus: tellPauses(call), ...callOptions(call) };
  return driver.open(call.flags.device, { ...own, ...options });
};
