/** Fastest fast-forward that is believed, in frames per millisecond: about seventy times a console's speed. */
const MOST_PER_MS = 4;

/**
 * Counts frames by a game's own counter, for devices that have none. The counter is memory like any other: another save
 * may bring any value, so it never counts backwards, nor faster than an emulator can run.
 */
export class GameFrames {
  #counter: number | undefined;
  #time = 0;
  #frames = 0;

  /**
   * @param counter what the game says, where it says anything
   * @param time milliseconds
   * @returns frames since the first look; `undefined` while the game says nothing
   */
  look(counter: number | undefined, time: number): number | undefined {
    const before = this.#counter;
    const most = Math.max(0, time - this.#time) * MOST_PER_MS;
    this.#counter = counter;
    this.#time = time;
    if (counter === undefined) return undefined;
    if (before !== undefined) this.#frames += Math.min(Math.max(0, counter - before), most);
    return this.#frames;
  }
}
