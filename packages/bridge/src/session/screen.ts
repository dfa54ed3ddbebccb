import { CausewayError } from '@causeway/protocol/errors';
import { type Device, type MessageAbility, supports } from '../device/contract.js';
import type { Logger } from '../logger.js';

/** Texts that wait their turn. An emulator shows one in a frame at best, and nobody reads a flood. */
const MOST_WAITING = 8;

/** The game's own screen, where one device shows text. */
export class Screen {
  readonly #device: (Device & MessageAbility) | undefined;
  readonly #logger: Logger;
  #waiting: string[] = [];
  #busy = false;

  constructor(device: Device, logger: Logger) {
    this.#device = supports(device, 'message') ? device : undefined;
    this.#logger = logger;
  }

  /** Returns whether the text is on its way: `false` where there is no way, and when too many wait already. */
  show(text: string): boolean {
    if (!this.#device || this.#device.status === 'closed' || this.#waiting.length >= MOST_WAITING) return false;
    this.#waiting.push(text);
    if (!this.#busy) void this.#showAll(this.#device);
    return true;
  }

  async #showAll(device: MessageAbility): Promise<void> {
    this.#busy = true;
    for (let text = this.#waiting.shift(); text !== undefined; text = this.#waiting.shift()) {
      try {
        await device.showMessage(text);
      } catch (error) {
        this.#logger.warn('session.message-failed', { error: CausewayError.from(error).code });
      }
    }
    this.#busy = false;
  }
}
