import { type Bounce, type Bounced, isJsonObject, Tag } from '@causeway/protocol/archipelago';
import type { Death } from './contract.js';
import { shownText, sourceOf, timeOf } from './link-data.js';
import { LinkMemory } from './link-memory.js';

/** DeathLink: who died, told to everybody who wants to die with them. The time of a death is its identity. */
export class DeathLink {
  readonly #memory = new LinkMemory();

  /**
   * The packet for an own death; `undefined` within a second of another one.
   *
   * @param nowMs milliseconds since the Unix epoch
   */
  send(death: Omit<Death, 'time'>, nowMs: number): Bounce | undefined {
    if (this.#memory.cooling(nowMs)) return undefined;
    const { source, cause } = death;
    const data = { time: this.#memory.stamp(nowMs), source, ...(cause ? { cause } : {}) };
    return { cmd: 'Bounce', tags: [Tag.deathLink], data };
  }

  /** An own death that goes out by another way: its echo must not kill us. */
  recognise(data: unknown): void {
    if (isJsonObject(data)) this.#memory.remember(Number(data['time']));
  }

  /** A death of somebody else; `undefined` for an echo, or one within a second of another. */
  receive({ data }: Bounced, nowMs: number): Death | undefined {
    const at = timeOf(data);
    if (this.#memory.isEcho(at) || this.#memory.cooling(nowMs)) return undefined;
    this.#memory.happened(nowMs);
    const cause = shownText(data, 'cause');
    return {
      time: Number.isFinite(at) ? at : nowMs / 1000,
      source: sourceOf(data),
      ...(cause === '' ? {} : { cause }),
    };
  }
}
