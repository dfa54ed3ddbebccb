/** A room small enough to be obviously right, against which the client's idea of the room is compared. */
import type {
  ClientPacket,
  Connected,
  Json,
  NetworkItem,
  RoomInfo,
  ServerPacket,
} from '@causeway/protocol/archipelago';

export const OWN_SLOT = 1;
export const OTHER_SLOT = 2;
export const LOCATIONS = Array.from({ length: 20 }, (_, index) => 100 + index);

/** Everything a save file holds. */
interface Saved {
  readonly checked: readonly number[];
  readonly items: readonly NetworkItem[];
  readonly status: number;
  readonly store: Readonly<Record<string, Json>>;
}

const EMPTY: Saved = { checked: [], items: [], status: 0, store: {} };

/** A connection as the room sees it. */
export interface ModelPeer {
  joined: boolean;
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
  }

  /** Handles a command of a client that is logged in, or wants to be. */
  handle(peer: ModelPeer, packet: ClientPacket): void {
    if (packet.cmd === 'Connect') {
      peer.joined = true;
      if (this.#state.status === 0) this.#state = { ...this.#state, status: 5 };
      const { items } = this.#state;
      peer.send([this.#connected(), ...(items.length > 0 ? [this.#received(0, items)] : [])]);
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
        if (this.#state.items.length > 0) peer.send([this.#received(0, this.#state.items)]);
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
        const keys = Object.fromEntries(packet.keys.map((key) => [key, this.#state.store[key] ?? null]));
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
    for (const peer of this.peers) if (peer.subscriptions.has(key)) peer.send([{ cmd: 'SetReply', key, value }]);
  }

  #give(items: readonly NetworkItem[]): void {
    if (items.length === 0) return;
    const index = this.#state.items.length;
    this.#state = { ...this.#state, items: [...this.#state.items, ...items] };
    this.#tell([this.#received(index, items)]);
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
