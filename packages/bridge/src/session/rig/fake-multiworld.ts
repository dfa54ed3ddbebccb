import type {
  Death,
  Multiworld,
  MultiworldEvent,
  MultiworldStatus,
  StorageOperation,
} from '../../multiworld/contract.js';
import type { Json, ReceivedItem, Room } from '../../multiworld/room.js';
import type { LoginRequest } from '../contract.js';

export const fakeRoom = (changes: Partial<Room> = {}): Room => ({
  seed: 'seed',
  team: 0,
  slot: 1,
  slotName: 'Ana',
  game: 'Fake',
  slotData: {},
  players: [],
  items: [],
  locations: new Set([1, 2, 3]),
  checked: new Set(),
  ...changes,
});

export const fakeItems = (...items: number[]): readonly ReceivedItem[] =>
  items.map((item, index) => ({ index, item, location: 50 + index, player: 2, flags: 1 }));

/** A multiworld that says what it is told to say and keeps everything it was asked. */
export class FakeMultiworld implements Multiworld {
  status: MultiworldStatus = 'connecting';
  room: Room | undefined;
  /** Every call that would send something. */
  readonly calls: (readonly unknown[])[] = [];
  closed = 0;
  /** Never ends. */
  stuck = false;
  readonly login: LoginRequest;
  readonly names = {
    item: (id: number) => `item ${id}`,
    location: (id: number) => `place ${id}`,
    player: (slot: number) => `player ${slot}`,
  };

  constructor(login: LoginRequest) {
    this.login = login;
  }

  join(room: Room): void {
    const rejoined = this.room !== undefined;
    this.room = room;
    this.status = 'joined';
    this.tell({ kind: 'joined', room, rejoined });
  }

  /** The list is now this one. */
  items(items: readonly ReceivedItem[], replaced = false): void {
    const before = this.room?.items.length ?? 0;
    this.room = { ...fakeRoom(), ...this.room, items };
    this.tell({ kind: 'items', items: replaced ? items : items.slice(before), replaced });
  }

  tell(event: MultiworldEvent): void {
    this.login.onEvent(event);
  }

  called(name: string): readonly (readonly unknown[])[] {
    return this.calls.filter(([method]) => method === name).map(([, ...rest]) => rest);
  }

  check(locations: Iterable<number>): void {
    this.calls.push(['check', ...locations]);
  }

  goal(): void {
    this.calls.push(['goal']);
  }

  playing(on: boolean): void {
    this.calls.push(['playing', on]);
  }

  say(text: string): boolean {
    this.calls.push(['say', text]);
    return this.status === 'joined';
  }

  death(death: Omit<Death, 'time'>): void {
    this.calls.push(['death', death]);
  }

  tag(name: string, on: boolean): void {
    this.calls.push(['tag', name, on]);
  }

  scout(locations: readonly number[], options?: { readonly hint?: 0 | 1 | 2 }): Promise<readonly ReceivedItem[]> {
    this.calls.push(['scout', locations, options]);
    return Promise.resolve([]);
  }

  store(key: string, operations: readonly StorageOperation[], defaultValue?: Json): void {
    this.calls.push(['store', key, operations, defaultValue]);
  }

  close(): Promise<void> {
    this.closed++;
    this.status = 'closed';
    return this.stuck ? new Promise(() => {}) : Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
