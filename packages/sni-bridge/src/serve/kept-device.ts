import type { Clock } from '@causeway/bridge';
import type { CloseInfo, Device } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { DeviceSource } from './device-source.js';

export interface KeptDeviceOptions {
  /** Opens the console at a target; without one, the only one there is. */
  readonly open: (target: string | undefined) => Promise<Device>;
  readonly target: string | undefined;
  readonly clock: Clock;
  readonly onFound: (device: Device) => void;
  readonly onLost: (end: CloseInfo) => void;
  /** Called each time the reason why it is not back changes. */
  readonly onWaiting: (error: CausewayError) => void;
}

/** Waits between attempts to open it again, milliseconds; the last one stays. */
const WAITS_MS = [250, 500, 1000, 2000, 5000] as const;

/** Keeps one console open: when it is lost, the same one is looked for until it is back. */
export class KeptDevice implements DeviceSource, AsyncDisposable {
  readonly #options: KeptDeviceOptions;
  #current: Device;
  /** Without a choice of the person's, the one found first stays the one: the next search might find our own server. */
  readonly #target: string;

  private constructor(options: KeptDeviceOptions, device: Device) {
    this.#options = options;
    this.#current = device;
    this.#target = options.target ?? device.info.uri;
  }

  /** Rejects as `open` does. */
  static async open(options: KeptDeviceOptions): Promise<KeptDevice> {
    const device = await options.open(options.target);
    options.onFound(device);
    return new KeptDevice(options, device);
  }

  get current(): Device {
    return this.#current;
  }

  /** Goes on until the signal aborts, or looking again cannot help. Always rejects. */
  async keep(signal: AbortSignal): Promise<never> {
    for (;;) {
      const end = await ended(this.#current, signal);
      await this.#current.close();
      this.#options.onLost(end);
      this.#current = await this.#reopen(signal);
      this.#options.onFound(this.#current);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#current.close();
  }

  async #reopen(signal: AbortSignal): Promise<Device> {
    const { open, clock, onWaiting } = this.#options;
    let said: string | undefined;
    for (let attempt = 0; ; attempt++) {
      await clock.sleep(WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)] ?? 0, signal);
      try {
        return await open(this.#target);
      } catch (caught) {
        signal.throwIfAborted();
        const error = CausewayError.from(caught);
        if (!mayComeBack(error)) throw error;
        if (error.message !== said) onWaiting(error);
        said = error.message;
      }
    }
  }
}

/** Errors after which it is worth looking again: it is not there yet, or was away when asked. */
const mayComeBack = ({ code }: CausewayError): boolean => /^(device|batch|protocol)_/.test(code);

const ended = (device: Device, signal: AbortSignal): Promise<CloseInfo> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void device.closed.then((end) => {
      signal.removeEventListener('abort', onAbort);
      resolve(end);
    });
  });
