import { CausewayError, isDeviceGone } from '@causeway/protocol/errors';
import { coalesce } from '../../device/coalesce.js';
import type { Device, Step } from '../../device/contract.js';
import { callOptions, openChosenDevice } from '../chosen-device.js';
import { clockTime } from '../clock-time.js';
import type { DEVICE_FLAGS } from '../common-flags.js';
import { span } from '../styled-text.js';
import type { VerbCall, VerbProgram } from '../verb.js';
import { type WatchChange, WatchChanges } from '../watch-changes.js';
import { parseWatchSpec, type WatchSpec } from '../watch-spec.js';

type WatchCall = VerbCall<typeof DEVICE_FLAGS>;

/** One frame at 60 Hz, for devices that do not set the pace themselves. */
const POLL_MS = 16;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

const report = (call: WatchCall, change: WatchChange, frame: number | undefined): void => {
  const { spec, bit, value, previous } = change;
  const now = call.host.clock.now();
  if (call.flags.json) {
    const { domain, offset } = spec.region;
    const place = { domain, address: offset, type: spec.type.name, name: spec.name };
    call.output.json({ time: new Date(now).toISOString(), frame, ...place, bit, value, previous });
    return;
  }
  const label = bit === undefined ? spec.name : `${spec.name}[${bit}]`;
  const from = previous === undefined ? '' : `${previous} → `;
  const when = frame === undefined ? clockTime(now) : `${clockTime(now)}  f${frame}`;
  call.output.data(span('faint', when), '  ', label, '  ', span('faint', from), span('strong', String(value)));
};

/** Looks at everything once per frame until the device is gone. */
const watchDevice = async (
  call: WatchCall,
  device: Device,
  specs: readonly WatchSpec[],
  seen: WatchChanges,
): Promise<never> => {
  const { runs, cut } = coalesce(specs.map(({ region }) => region));
  const batch = runs.map(({ domain, offset, size }): Step => ({ kind: 'read', at: { domain, offset }, size }));
  for (;;) {
    const { reads, frame } = await device.run(batch, callOptions(call));
    for (const [index, bytes] of cut(reads).entries()) {
      const spec = specs[index];
      if (spec) for (const change of seen.update(spec, bytes)) report(call, change, frame);
    }
    await call.output.drained();
    call.signal.throwIfAborted();
    if (!device.info.capabilities.has('framePaced')) await call.host.clock.sleep(POLL_MS, call.signal);
  }
};

/** Errors after which it is worth looking for the device again: it went away, or is not back yet. */
const mayComeBack = (error: unknown): error is CausewayError =>
  isDeviceGone(error) || (CausewayError.is(error) && error.code === 'device_timeout');

/** Watches memory until stopped; a lost device is looked for until it is back. */
export const watch: VerbProgram<typeof DEVICE_FLAGS> = {
  async run(call) {
    const specs = call.operands.map(parseWatchSpec);
    const seen = new WatchChanges();
    let device = await openChosenDevice(call);
    for (;;) {
      try {
        await using current = device;
        await watchDevice(call, current, specs, seen);
      } catch (error) {
        call.signal.throwIfAborted();
        if (!mayComeBack(error)) throw error;
        call.output.note(span('warning', 'device lost  '), error.message);
      }
      device = await reopen(call);
      call.output.note(span('good', 'device found  '), device.info.uri);
    }
  },
};

/** Looks for the device with growing pauses, and says why it is not there each time the reason changes. */
const reopen = async (call: WatchCall): Promise<Device> => {
  let said: string | undefined;
  for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
    await call.host.clock.sleep(wait, call.signal);
    try {
      return await openChosenDevice(call);
    } catch (error) {
      call.signal.throwIfAborted();
      if (!mayComeBack(error)) throw error;
      if (error.code !== said) call.output.note(span('warning', 'waiting  '), error.message);
      said = error.code;
    }
  }
};
