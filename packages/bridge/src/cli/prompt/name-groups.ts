import { CausewayError } from '@causeway/protocol/errors';
import type { Json } from '../../multiworld/room.js';
import type { JoinedRoom } from '../engine.js';

export type GroupKind = 'item' | 'location';
/** Names by the name of the group they are in. */
export type Groups = ReadonlyMap<string, readonly string[]>;

const NONE: Groups = new Map();

const isText = (value: unknown): value is string => typeof value === 'string';

/** The server's answer is from outside: what is no list of names is left out. */
const readGroups = (value: Json | undefined): Groups => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NONE;
  return new Map(
    Object.entries(value).map(([group, names]) => [group, Array.isArray(names) ? names.filter(isText) : []]),
  );
};

/** The groups of names of the own game, asked of the server once per login (`archipelago.md` §18). */
export class NameGroups {
  readonly #known = new WeakMap<JoinedRoom, Map<GroupKind, Groups>>();

  /** What is here already; what is not is asked for, for the next time. */
  known(client: JoinedRoom, kind: GroupKind): Groups {
    const here = this.#known.get(client)?.get(kind);
    // Whoever asks aloud learns why there are none.
    if (!here) this.ask(client, kind).catch(() => {});
    return here ?? NONE;
  }

  /** Rejects with `server_lost` while not joined, `server_timeout`, or the signal's reason. */
  async ask(client: JoinedRoom, kind: GroupKind, signal?: AbortSignal): Promise<Groups> {
    const here = this.#known.get(client)?.get(kind);
    if (here) return here;
    const { room } = client;
    if (!room) throw new CausewayError('server_lost', 'Not connected to the room.');
    const key = `_read_${kind}_name_groups_${room.game}`;
    const answer = await client.get([key], signal ? { signal } : {});
    const groups = readGroups(answer[key]);
    this.#known.set(client, new Map(this.#known.get(client)).set(kind, groups));
    return groups;
  }
}
