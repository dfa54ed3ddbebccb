import { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import type { Device, DeviceStatus } from '../device/contract.js';
import { type Logger, silentLogger } from '../logger.js';
import type { SessionOptions } from './contract.js';
import type { SessionEventBody } from './events.js';
import type { Pauses } from './pauses.js';
import { untilAborted } from './until-aborted.js';

/** Waits between attempts to open, milliseconds. The first also lets a link that was cut die down before memory is read again. */
const REOPEN_MS = [250, 500, 1000, 2000, 5000] as const;

export const reopenDelay = (attempt: number): number => REOPEN_MS[Math.min(attempt, REOPEN_MS.length - 1)] ?? 5000;

/** Whether trying again cannot help. `settled`: a device was open before, so the player's choice is known to be right. */
const isFinalOpenError = ({ code }: CausewayError, settled: boolean): boolean => {
  if (code === 'device_ambiguous' || code === 'device_incompatible') return !settled;
  return !/^(device|batch|protocol)_/.test(code);
};

export interface KeeperOptions {
  readonly open: SessionOptions['openDevice'];
  readonly clock: Clock;
  readonly logger?: Logger;
  readonly emit: (event: SessionEventBody) => void;
  readonly pauses: Pauses;
  readonly signal: AbortSignal;
}

/** Opens the console and opens it again: forever, unless an error is final. */
export class DeviceKeeper {
  readonly #options: KeeperOptions;
  #settled = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Rejects with a final error, or with the signal's reason. */
  async open(): Promise<Device> {
    const { clock, signal } = this.#options;
    let reason: string | undefined;
    if (this.#settled) await clock.sleep(reopenDelay(0), signal);
    for (let attempt = 0; ; attempt++) {
      try {
        const device = await this.#attempt();
        this.#settled = true;
        return device;
      } catch (caught) {
        signal.throwIfAborted();
        const error = CausewayError.from(caught);
        if (isFinalOpenError(error, this.#settled)) throw error;
        reason = this.#sayWaiting(error, reason);
        await clock.sleep(reopenDelay(attempt), signal);
      }
    }
  }

  async #attempt(): Promise<Device> {
    const { open, signal, emit, pauses, logger = silentLogger } = this.#options;
    let uri: string | undefined;
    let paused = false;
    const onStatus = (status: DeviceStatus): void => {
      if (status === 'closed') return;
      paused = status === 'paused';
      if (uri !== undefined) pauses.tell('link', paused, uri);
    };
    const device = await untilAborted(open({ signal, logger, onStatus }), signal, (late) => {
      // Nobody waits for it any more, nor for how its closing went.
      late.close().catch(() => {});
    });
    uri = device.info.uri;
    pauses.forget();
    emit({ event: 'device.connected', uri, info: device.info });
    pauses.tell('link', paused, uri);
    return device;
  }

  #sayWaiting({ code, message, fix }: CausewayError, before: string | undefined): string {
    const reason = `${code} ${message}`;
    if (reason !== before) this.#options.emit({ event: 'device.waiting', code, message, fix });
    return reason;
  }
}
