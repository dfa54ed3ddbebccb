import { type Bounce, type Bounced, isJsonObject, stripControls, Tag } from '@causeway/protocol/archipelago';
import type { Death } from './contract.js';

/** Deaths of several players within one second are one death for everybody else; games wait as long (`archipelago.md` §12). */
const COOLDOWN_MS = 1_000;
/** How many own deaths are remembered, to know their echoes. */
const REMEMBERED = 16;

/** DeathLink: who died, told to everybody who wants to die with them. The time of a death is its identity. */
export class DeathLink {
  #own: number[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;

  /**
   * The packet for an own death; `undefined` within a second of another one.
   *
   * @param nowMs milliseconds since the Unix epoch
   */
  send(death: Omit<Death, 'time'>, nowMs: number): Bounce | undefined {
    if (this.#cooling(nowMs)) return undefined;
    // Whole seconds would shadow the deaths of others who send whole seconds, so there is always a fraction.
    const time = nowMs % 1000 === 0 ? nowMs / 1000 + 0.0005 : nowMs / 1000;
    this.#lastMs = nowMs;
    this.#remember(time);
    const { source, cause } = death;
    return { cmd: 'Bounce', tags: [Tag.deathLink], data: { time, source, ...(cause ? { cause } : {}) } };
  }

  /** An own death that goes out by another way: its echo must not kill us. */
  recognise(data: unknown): void {
    if (isJsonObject(data)) this.#remember(Number(data['time']));
  }

  /** A death of somebody else; `undefined` for an echo, something else, or one within a second of another. */
  receive(packet: Bounced, nowMs: number): Death | undefined {
    if (!isDeathLink(packet)) return undefined;
    const data = isJsonObject(packet.data) ? packet.data : {};
    const { time = Number.NaN, source, cause } = data;
    const at = Number(time);
    if (this.#own.includes(at) || this.#cooling(nowMs)) return undefined;
    this.#lastMs = nowMs;
    return {
      time: Number.isFinite(at) ? at : nowMs / 1000,
      source: typeof source === 'string' && source !== '' ? stripControls(source) : 'Unknown player',
      ...(typeof cause === 'string' && cause !== '' ? { cause: stripControls(cause) } : {}),
    };
  }

  #remember(time: number): void {
    if (Number.isFinite(time)) this.#own = [...this.#own, time].slice(-REMEMBERED);
  }

  #cooling(nowMs: number): boolean {
    const since = nowMs - this.#lastMs;
    return since >= 0 && since < COOLDOWN_MS;
  }
}

/** Whether a Bounced is a death, whatever else it is. */
export const isDeathLink = (packet: Bounced): boolean => packet.tags?.includes(Tag.deathLink) ?? false;
