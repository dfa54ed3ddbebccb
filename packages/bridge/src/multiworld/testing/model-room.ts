/** A room small enough to be obviously right, against which the client's idea of the room is compared. */
import type {
  ClientPacket,
  Connected,
  Hint,
  Json,
  NetworkItem,
  RoomInfo,
  ServerPacket,
} from '@causeway/protocol/archipelago';

export const OWN_SLOT = 1;
const OTHER_SLOT = 2;
export const LOCATIONS = Array.from({ length: 20 }, (_, index) => 100 + index);

/** Everything a save file holds. */
interface Saved {
  readonly checked: readonly number[];
  readonly items: readonly NetworkItem[];
  readonly status: number;
  readonly store: Readonly<Record<string, Json>>;
  readonly hints: readonly Hint[];
}

const EMPTY: Saved = { checked: [], items: [], status: 0, store: {}, hints: [] };
const HINTS = `_read_hints_0_${OWN_SLOT}`;
const FOUND = 40;

/** A connection as the room sees it. */
export interface ModelPeer {
  joined: boolean;
  /** Which items it wants; all until it says so. */
  itemsHandling?: number;
  subscriptions: Set<string>;
  send(packets: readonly ServerPacket[]): void;
}

/** Slot 1 of a two-slot room. Odd locations hold its own items, even ones the other slot's. */
export class ModelRoom {
  readonly seed: string;
  readonly peers = new Set<ModelPeer>();
  #state: Saved = EMPTY;
  #saved: Saved = EMPTY;
  #cheats = 0;

  constructor(seed = 'seed') {
    this.seed = seed;
  }

  get state(): Saved {
    return this.#state;
  }

  /** Writes the save file. */
  save(): void {
    this.#saved = this.#state;
  }

  loseSave(): void {
    this.#saved = EMPTY;
  }

  /** Starts anew from the save file, which may be old. */
  restart(): void {
    this.peers.clear();
    this.#state = this.#saved;
  }

  greeting(): RoomInfo {
    return {
      cmd: 'RoomInfo',
      version: { major: 0, minor: 6, build: 7 },
      password: false,
      games: ['Game', 'Archipelago'],
      datapackage_checksums: {},
      seed_name: this.seed,
      time: 0,
    };
  }

  /** The other player finds something for slot 1. */
  find(): void {
    this.#cheats += 1;
    this.#give([{ item: 1 + (this.#cheats % 3), location: 5_000 + this.#cheats, player: OTHER_SLOT, flags: 1 }]);
  }

  /** Somebody checks locations of slot 1. */
  check(locations: readonly number[]): void {
    const fresh = [...new Set(locations)].filter((id) => LOCATIONS.includes(id) && !this.#state.checked.includes(id));
    if (fresh.length === 0) return;
    this.#state = { ...this.#state, checked: [...this.#state.checked, ...fresh] };
    this.#give(
      fresh.filter((id) => id % 2 === 1).map((id) => ({ item: id, location: id, player: OWN_SLOT, flags: 0 })),
    );
    this.#tell([{ cmd: 'RoomUpdate', hint_points: this.#state.checked.length, checked_locations: fresh }]);
    for (const id of fresh) this.#changeHints((hint) => ({ ...hint, found: true, status: FOUND }), id);
  }

  /** Makes a hint for a location of slot 1, unless there is one. */
  hint(location: number): void {
    if (this.#state.hints.some((hint) => hint.location === location)) return;
    const found = this.#state.checked.includes(location);
    const made: Hint = {
      receiving_player: location % 2 === 1 ? OWN_SLOT : OTHER_SLOT,
      finding_player: OWN_SLOT,
      location,
      item: location,
      found,
      entrance: '',
      item_flags: 0,
      status: found ? FOUND : 0,
    };
    this.#setHints([...this.#state.hints, made]);
  }

  /** What a client with this choice of items should have received. */
  itemsFor(itemsHandling = 7): readonly NetworkItem[] {
    if ((itemsHandling & 1) === 0) return [];
    const own = (itemsHandling & 2) !== 0;
    return this.#state.items.filter(({ player }) => own || player !== OWN_SLOT);
  }

  #changeHints(change: (hint: Hint) => Hint, location: number): void {
    const { hints } = this.#state;
    if (!hints.some((hint) => hint.location === location)) return;
    this.#setHints(hints.map((hint) => (hint.location === location ? change(hint) : hint)));
  }

  #setHints(hints: readonly Hint[]): void {
    this.#state = { ...this.#state, hints };
    this.#notify(HINTS, hints);
  }

  #stored(key: string): Json {
    return key === HINTS ? this.#state.hints : (this.#state.store[key] ?? null);
  }

  #notify(key: string, value: Json): void {
    for (const peer of this.peers) if (peer.subscriptions.has(key)) peer.send([{ cmd: 'SetReply', key, value }]);
  }

  /** Handles a command of a client that is logged in, or wants to be. */
  handle(peer: ModelPeer, packet: ClientPacket): void {
    if (packet.cmd === 'Connect') {
      peer.joined = true;
      peer.itemsHandling = packet.items_handling;
      if (this.#state.status === 0) this.#state = { ...this.#state, status: 5 };
      peer.send([this.#connected(), ...this.#wholeList(peer)]);
      return;
    }
    if (packet.cmd === 'GetDataPackage') {
      peer.send([{ cmd: 'DataPackage', data: { games: {} } }]);
      return;
    }
    if (peer.joined) this.#handleJoined(peer, packet);
  }

  #handleJoined(peer: ModelPeer, packet: ClientPacket): void {
    switch (packet.cmd) {
      case 'LocationChecks':
        this.check(packet.locations);
        break;
      case 'Sync':
        this.#sendWholeList(peer);
        break;
      case 'ConnectUpdate':
        if (packet.items_handling === undefined || packet.items_handling === peer.itemsHandling) break;
        peer.itemsHandling = packet.items_handling ?? 0;
        this.#sendWholeList(peer);
        break;
      case 'CreateHints':
        for (const location of packet.locations) this.hint(location);
        break;
      case 'UpdateHint':
        this.#changeHints((hint) => ({ ...hint, status: hint.found ? FOUND : (packet.status ?? 0) }), packet.location);
        break;
      case 'StatusUpdate':
        if (this.#state.status !== 30) this.#state = { ...this.#state, status: packet.status };
        break;
      case 'LocationScouts':
        peer.send([
          {
            cmd: 'LocationInfo',
            locations: packet.locations.map((location) => ({ item: location, location, player: 1, flags: 0 })),
          },
        ]);
        break;
      case 'SetNotify':
        for (const key of packet.keys) peer.subscriptions.add(key);
        break;
      case 'Get': {
        const { cmd: _, ...echo } = packet;
        const keys = Object.fromEntries(packet.keys.map((key) => [key, this.#stored(key)]));
        peer.send([{ ...echo, cmd: 'Retrieved', keys }]);
        break;
      }
      case 'Set':
        this.add(packet.key, Number(packet.operations[0]?.value));
        break;
    }
  }

  /** Adds to a stored number. */
  add(key: string, amount: number): void {
    const value = Number(this.#state.store[key] ?? 0) + amount;
    this.#state = { ...this.#state, store: { ...this.#state.store, [key]: value } };
    this.#notify(key, value);
  }

  #give(items: readonly NetworkItem[]): void {
    if (items.length === 0) return;
    const joined = [...this.peers].filter(({ joined }) => joined);
    const before = joined.map((peer) => this.itemsFor(peer.itemsHandling).length);
    this.#state = { ...this.#state, items: [...this.#state.items, ...items] };
    for (const [at, peer] of joined.entries()) {
      const index = before[at] ?? 0;
      const fresh = this.itemsFor(peer.itemsHandling).slice(index);
      if (fresh.length > 0) peer.send([this.#received(index, fresh)]);
    }
  }

  /** Empty when the list is. */
  #wholeList({ itemsHandling }: ModelPeer): readonly ServerPacket[] {
    const items = this.itemsFor(itemsHandling);
    return items.length > 0 ? [this.#received(0, items)] : [];
  }

  #sendWholeList(peer: ModelPeer): void {
    const packets = this.#wholeList(peer);
    if (packets.length > 0) peer.send(packets);
  }

  #tell(packets: readonly ServerPacket[]): void {
    for (const peer of this.peers) if (peer.joined) peer.send(packets);
  }

  #received(index: number, items: readonly NetworkItem[]): ServerPacket {
    return { cmd: 'ReceivedItems', index, items };
  }

  #connected(): Connected {
    const { checked } = this.#state;
    const player = (slot: number, name: string) => ({ team: 0, slot, alias: name, name });
    const info = (name: string) => ({ name, game: 'Game', type: 1, group_members: [] });
    return {
      cmd: 'Connected',
      team: 0,
      slot: OWN_SLOT,
      players: [player(1, 'Ana'), player(2, 'Bob')],
      missing_locations: LOCATIONS.filter((id) => !checked.includes(id)),
      checked_locations: checked,
      slot_info: { 1: info('Ana'), 2: info('Bob') },
      slot_data: {},
    };
  }
}
