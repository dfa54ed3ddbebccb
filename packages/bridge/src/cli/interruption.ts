import { CausewayError } from '@causeway/protocol/errors';
import type { CommandHost } from './command-host.js';

const INTERRUPTED = 130;

/** Turns requests to stop into an abort signal; the second one does not wait for order. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #host: CommandHost;
  readonly #detach: () => void;

  constructor(host: CommandHost) {
    this.#host = host;
    this.#detach = host.onInterrupt(() => this.request());
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Stops in order; asked again, at once. */
  request(): void {
    if (this.signal.aborted) this.#host.exitNow(INTERRUPTED);
    else this.#controller.abort(new CausewayError('interrupted', 'Stopped.'));
  }

  detach(): void {
    this.#detach();
  }
}
