import type { LocationInfo, LocationScouts } from '@causeway/protocol/archipelago';
import { CausewayError } from '@causeway/protocol/errors';
import type { Clock } from '../clock.js';
import { type CallOptions, PendingRequests } from './pending-requests.js';
import type { ReceivedItem } from './room.js';

export interface ScoutOptions extends CallOptions {
  /** 1 announces all as hints, 2 only those that are new. */
  readonly hint?: 0 | 1 | 2;
}

interface Waiting {
  readonly id: string;
  readonly key: string;
}

const keyOf = (locations: readonly number[]): string => locations.join(',');

/**
 * Questions about what lies at a location. The answer carries no request id, only the locations in the order asked, so it
 * is matched by them; equal questions are answered in the order they were put.
 */
export class Scouts {
  readonly #requests: PendingRequests<readonly ReceivedItem[]>;
  #waiting: readonly Waiting[] = [];
  #next = 0;

  constructor(clock: Clock) {
    this.#requests = new PendingRequests(clock);
  }

  /**
   * @param known the slot's locations: a single id outside of them would cost the connection, so those are left out
   * @param send puts the packet on its way; `false` when there is nowhere to send it
   */
  async ask(
    locations: readonly number[],
    known: ReadonlySet<number>,
    { hint = 0, ...call }: ScoutOptions,
    send: (packet: LocationScouts) => boolean,
  ): Promise<readonly ReceivedItem[]> {
    const asked = [...new Set(locations)].filter((id) => known.has(id));
    if (asked.length === 0) return [];
    this.#next += 1;
    const id = `scout-${this.#next}`;
    const answer = this.#requests.add(id, 'LocationScouts', call);
    if (!this.#requests.has(id)) return answer;
    this.#waiting = [...this.#waiting, { id, key: keyOf(asked) }];
    if (!send({ cmd: 'LocationScouts', locations: asked, create_as_hint: hint })) {
      this.#waiting = this.#waiting.filter((entry) => entry.id !== id);
      this.#requests.reject(id, new CausewayError('server_lost', 'not in the room'));
    }
    return answer;
  }

  /** Returns whether the answer was waited for. */
  answer(packet: LocationInfo): boolean {
    const key = keyOf(packet.locations.map(({ location }) => location));
    const found = this.#waiting.find((entry) => entry.key === key);
    if (!found) return false;
    // Whoever gave up is still answered, and must not take the answer to an equal question put later.
    this.#waiting = this.#waiting.filter((entry) => entry !== found);
    const items = packet.locations.map((entry, index) => ({ index, ...entry }));
    this.#requests.resolve(found.id, items);
    return true;
  }

  /** The server refused one; it answers in order, so it was the oldest. */
  refuse(error: CausewayError): void {
    const [oldest, ...rest] = this.#waiting;
    if (!oldest) return;
    this.#waiting = rest;
    this.#requests.reject(oldest.id, error);
  }

  rejectAll(error: CausewayError): void {
    this.#waiting = [];
    this.#requests.rejectAll(error);
  }
}
