import { CausewayError } from '@causeway/protocol/errors';
import type { GameModule } from '../../game/contract.js';
import type { MultiworldEvent, MultiworldStatus } from '../../multiworld/contract.js';
import type { Json, ReceivedItem, Room } from '../../multiworld/room.js';
import type { JoinedRoom, JoinRequest } from '../engine.js';

/** A game that marks location 7 when byte 0x10 of `RAM` becomes 1, and says its slot in nothing. */
export const testGame = (slotName?: string): GameModule<null> => ({
  id: 'test-game',
  game: 'Test Game',
  systems: ['NES'],
  probe: { header: { domain: 'RAM', offset: 0, size: 2 } },
  identify: () => ({
    match: 'yes',
    identity: { title: 'A Test', itemsHandling: 7, ...(slotName === undefined ? {} : { slotName }) },
  }),
  start: () => null,
  plan: () => ({ regions: { flag: { domain: 'RAM', offset: 0x10, size: 1 } } }),
  step: ({ snapshot }) => ({
    state: null,
    effects: snapshot['flag']?.[0] === 1 ? [{ kind: 'check', locations: [7] }] : [],
    playing: true,
  }),
});

const roomOf = (slot: string): Room => ({
  seed: 'S33D',
  team: 0,
  slot: 1,
  slotName: slot,
  game: 'Test Game',
  slotData: {},
  players: [],
  items: [
    { index: 0, item: 5, location: 70, player: 2, flags: 1 },
    { index: 1, item: 6, location: 8, player: 1, flags: 0 },
  ],
  locations: new Set([7, 8, 10]),
  checked: new Set([8]),
});

const ITEMS: ReadonlyMap<number, string> = new Map([
  [5, 'Sword'],
  [6, 'Swan Boat'],
  [9, 'Bad\u001b[2J'],
]);

const GROUPS: Readonly<Record<string, Json>> = {
  '_read_item_name_groups_Test Game': { Everything: ['Sword', 'Swan Boat'], Weapons: ['Sword'], Broken: 7 },
  '_read_location_name_groups_Test Game': { Everywhere: ['Chest 7'] },
};

/** What a test decides about a room. */
export interface TestRoomOptions {
  /** What it wants to hear. */
  readonly password?: string;
  /** Nobody of this name is in it. */
  readonly stranger?: string;
  /** Locations of the slot. */
  readonly locations?: readonly number[];
}

/** A room on the other side of no network. */
export class TestRoom {
  readonly joins: JoinRequest[] = [];
  readonly said: string[] = [];
  readonly checked: number[] = [];
  readonly passwords: (string | undefined)[] = [];
  readonly ready: boolean[] = [];
  readonly clients: TestClient[] = [];
  readonly options: TestRoomOptions;

  constructor(options: TestRoomOptions = {}) {
    this.options = options;
  }

  readonly open = (join: JoinRequest): TestClient => {
    this.joins.push(join);
    const client = new TestClient(this, join);
    this.clients.push(client);
    return client;
  };

  /** Says something to whoever joined last. */
  say(text: Omit<Extract<MultiworldEvent, { kind: 'text' }>, 'kind'>): void {
    this.joins.at(-1)?.request.onEvent({ kind: 'text', ...text });
  }
}

/** One login into a {@link TestRoom}. */
class TestClient implements JoinedRoom {
  readonly #test: TestRoom;
  readonly #join: JoinRequest;
  status: MultiworldStatus = 'connecting';
  room: Room | undefined;
  readonly names = {
    item: (id: number) => ITEMS.get(id) ?? `Unknown item (ID: ${id})`,
    location: (id: number) => `Chest ${id}`,
    player: (slot: number) => (slot === 1 ? 'Ana' : 'Ben'),
    items: () => ITEMS,
    locations: () => new Map([7, 8, 10].map((id) => [id, `Chest ${id}`])),
  };

  constructor(test: TestRoom, join: JoinRequest) {
    this.#test = test;
    this.#join = join;
    this.#login().catch(() => {});
  }

  async #login(): Promise<void> {
    const { options, passwords } = this.#test;
    let given = await this.#join.password(false);
    passwords.push(given);
    if (options.stranger === this.#join.slot) return this.#refuse('InvalidSlot');
    while (options.password !== undefined && given !== options.password) {
      given = await this.#join.password(true);
      if (given === undefined) return this.#refuse('InvalidPassword');
      passwords.push(given);
    }
    this.#admit();
  }

  #admit(): void {
    const { onEvent } = this.#join.request;
    const rejoined = this.room !== undefined;
    const { locations, password } = this.#test.options;
    const room = { ...roomOf(this.#join.slot), ...(locations ? { locations: new Set(locations) } : {}) };
    this.room = room;
    this.status = 'joined';
    onEvent({ kind: 'joined', room, rejoined });
    onEvent({ kind: 'items', items: room.items, replaced: false });
    const text = `Ben: hello \u001b[2J ${password ?? ''}`;
    onEvent({ kind: 'text', category: 'Chat', topic: 'chat', text });
  }

  #refuse(reason: 'InvalidSlot' | 'InvalidPassword'): void {
    const code = reason === 'InvalidSlot' ? 'server_refused_slot' : 'server_refused_password';
    this.status = 'refused';
    const error = new CausewayError(code, 'The room did not let us in.');
    this.#join.request.onEvent({ kind: 'refused', reasons: [reason], error });
  }

  check(locations: Iterable<number>): void {
    this.#test.checked.push(...locations);
  }

  say(text: string): boolean {
    if (this.status === 'joined') this.#test.said.push(text);
    return this.status === 'joined';
  }

  ready(on: boolean): void {
    this.#test.ready.push(on);
  }

  disconnect(): void {
    this.status = 'left';
  }

  reconnect(): void {
    if (this.status === 'left') this.#admit();
  }

  async get(keys: readonly string[]): Promise<Readonly<Record<string, Json>>> {
    if (this.status !== 'joined') throw new CausewayError('server_lost', 'Not in the room.');
    return Object.fromEntries(keys.map((key) => [key, GROUPS[key] ?? null]));
  }

  async scout(): Promise<readonly ReceivedItem[]> {
    return [];
  }

  goal(): void {}
  playing(): void {}
  death(): void {}
  tag(): void {}
  store(): void {}

  async close(): Promise<void> {
    this.status = 'closed';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
