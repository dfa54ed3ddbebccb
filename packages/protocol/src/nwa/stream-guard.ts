import { CausewayError } from '../errors/causeway-error.js';

/** Ends a stream at its first bad byte: what follows has no meaning any more. */
export class StreamGuard {
  #broken: CausewayError | undefined;

  check(): void {
    if (this.#broken) throw this.#broken;
  }

  fail(message: string, context: Readonly<Record<string, unknown>> = {}): never {
    this.#broken = new CausewayError('protocol_malformed', message, { context });
    throw this.#broken;
  }
}
