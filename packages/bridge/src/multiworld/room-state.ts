import {
  type Connected,
  type NetworkPlayer,
  type NetworkSlot,
  type RoomInfo,
  type RoomUpdate,
  SlotType,
  type Version,
} from '@causeway/protocol/archipelago';
import type { Json, ReceivedItem, Room, RoomPlayer } from './room.js';

/** Facts about a room that game modules do not need and people like to know. Absent: the server has not said. */
export interface RoomDetails {
  readonly version: Version;
  readonly hintPoints?: number;
  /** Percent of the slot's locations. */
  readonly hintCost?: number;
  readonly pointsPerCheck?: number;
  readonly permissions?: { readonly release?: number; readonly collect?: number; readonly remaining?: number };
  readonly race?: boolean;
  /** Points that one hint costs this slot, by `archipelago.md` §10.2. */
  readonly hintPrice?: number;
}

interface Seat {
  readonly seed: string;
  readonly team: number;
  readonly slot: number;
  readonly slotData: Readonly<Record<string, Json>>;
}

const withoutUndefined = <T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

const hintPrice = (percent: number, locations: number): number =>
  percent === 0 ? 0 : Math.max(1, Math.floor(percent * 0.01 * locations));

/** What the server has said of the room, gathered from its packets and handed out as snapshots. */
export class RoomState {
  #seat: Seat | undefined;
  #slots: Readonly<Record<string, NetworkSlot>> = {};
  #players: readonly RoomPlayer[] = [];
  #details: RoomDetails | undefined;

  get seat(): Seat | undefined {
    return this.#seat;
  }

  get players(): readonly RoomPlayer[] {
    return this.#players;
  }

  /** @param locations how many the slot has, 0 when unknown: the price of a hint depends on it */
  details(locations: number): RoomDetails | undefined {
    const details = this.#details;
    if (details?.hintCost === undefined || locations === 0) return details;
    return { ...details, hintPrice: hintPrice(details.hintCost, locations) };
  }

  greet(info: RoomInfo): void {
    this.#details = {
      ...withoutUndefined<RoomDetails>({
        version: info.version,
        hintCost: info.hint_cost,
        pointsPerCheck: info.location_check_points,
        permissions: info.permissions as RoomDetails['permissions'],
        hintPoints: this.#details?.hintPoints,
        race: this.#details?.race,
      }),
      version: info.version,
    };
  }

  login(connected: Connected, seed: string): void {
    this.#seat = { seed, team: connected.team, slot: connected.slot, slotData: connected.slot_data ?? {} };
    this.#slots = connected.slot_info;
    this.#seatPlayers(connected.players);
    this.#note({ hintPoints: connected.hint_points });
  }

  update(packet: RoomUpdate): void {
    if (packet.slot_info) this.#slots = packet.slot_info;
    if (packet.players) this.#seatPlayers(packet.players);
    // The game and kind of a player are in the slots, which may come alone.
    else if (packet.slot_info) this.#players = this.#players.map((player) => this.#seated(player));
    this.#note({
      hintPoints: packet.hint_points,
      hintCost: packet.hint_cost,
      pointsPerCheck: packet.location_check_points,
      permissions: packet.permissions as RoomDetails['permissions'],
    });
  }

  race(on: boolean): void {
    this.#note({ race: on });
  }

  /** Whether a slot is the own one or a group it belongs to. */
  isOwn(slot: number): boolean {
    const own = this.#seat?.slot;
    if (own === undefined) return false;
    return slot === own || (this.#slots[String(slot)]?.group_members.includes(own) ?? false);
  }

  /** `undefined` before the first login. */
  snapshot(
    items: readonly ReceivedItem[],
    locations: ReadonlySet<number>,
    checked: ReadonlySet<number>,
  ): Room | undefined {
    if (!this.#seat) return undefined;
    const own = this.#slots[String(this.#seat.slot)];
    return {
      ...this.#seat,
      slotName: own?.name ?? '',
      game: own?.game ?? '',
      players: this.#players,
      items,
      locations,
      checked,
    };
  }

  #note(facts: { readonly [K in keyof RoomDetails]?: RoomDetails[K] | undefined }): void {
    if (this.#details) this.#details = { ...this.#details, ...withoutUndefined(facts) };
  }

  #seatPlayers(players: readonly NetworkPlayer[]): void {
    const team = this.#seat?.team;
    this.#players = players.filter((player) => player.team === team).map((player) => this.#seated(player));
  }

  #seated({ slot, name, alias }: Pick<RoomPlayer, 'slot' | 'name' | 'alias'>): RoomPlayer {
    const info = this.#slots[String(slot)];
    const group = ((info?.type ?? SlotType.player) & SlotType.group) !== 0;
    return { slot, name, alias, game: info?.game ?? '', group };
  }
}
