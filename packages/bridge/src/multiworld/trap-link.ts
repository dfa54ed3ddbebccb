import { type Bounce, type Bounced, isJsonObject, Tag } from '@causeway/protocol/archipelago';
import type { Trap } from './contract.js';
import { shownText, sourceOf, timeOf } from './link-data.js';
import { LinkMemory } from './link-memory.js';

/** TrapLink: a trap that springs on one player springs on everybody who wants it. Games map the names they know. */
export class TrapLink {
  readonly #memory = new LinkMemory();

  /**
   * The packet for a trap that sprang here; `undefined` within a second of another: a received trap that a game reports
   * as its own would otherwise go round for ever.
   */
  send(name: string, source: string, nowMs: number): Bounce | undefined {
    if (this.#memory.cooling(nowMs)) return undefined;
    const data = { time: this.#memory.stamp(nowMs), source, trap_name: name };
    return { cmd: 'Bounce', tags: [Tag.trapLink], data };
  }

  recognise(data: unknown): void {
    if (isJsonObject(data)) this.#memory.remember(Number(data['time']));
  }

  /** A trap of somebody else; `undefined` for an echo, one without a name, or one within a second of another. */
  receive({ data }: Bounced, nowMs: number): Trap | undefined {
    const at = timeOf(data);
    const name = shownText(data, 'trap_name');
    if (name === '' || this.#memory.isEcho(at) || this.#memory.cooling(nowMs)) return undefined;
    this.#memory.happened(nowMs);
    return { time: Number.isFinite(at) ? at : nowMs / 1000, source: sourceOf(data), name };
  }
}
