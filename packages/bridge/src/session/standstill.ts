/** Frames that do not move for this long mean a paused game, milliseconds of our clock. A frame takes 17. */
const STILL_MS = 1000;

/**
 * Notices that the emulator answers but its game stands still: some connectors go on answering while paused, and asking
 * them as often as a running game would only warm the room.
 */
export class Standstill {
  #frame: number | undefined;
  #since = 0;
  #still = false;

  /**
   * Takes the frame counter of an answer, where there is one.
   *
   * @param now milliseconds
   * @returns whether the game stands still
   */
  look(frame: number | undefined, now: number): boolean {
    if (frame === undefined) return this.#still;
    if (frame !== this.#frame) {
      this.#frame = frame;
      this.#since = now;
    }
    this.#still = now - this.#since >= STILL_MS;
    return this.#still;
  }
}
