import { CORE_GAME, type GameData, SERVER_SLOT, stripControls } from '@causeway/protocol/archipelago';
import type { NameLists, RoomPlayer } from './room.js';

interface GameNames {
  readonly items: ReadonlyMap<number, string>;
  readonly locations: ReadonlyMap<number, string>;
}

const NO_NAMES: ReadonlyMap<number, string> = new Map();

const invert = (table: Readonly<Record<string, number>>): ReadonlyMap<number, string> =>
  new Map(Object.entries(table).map(([name, id]) => [id, stripControls(name)]));

/** Names by id. Tables are turned round when a name of their game is first asked for, since most games never are. */
export class NameBook implements NameLists {
  readonly #load: (game: string) => GameData | undefined;
  readonly #games = new Map<string, GameNames>();
  #players: ReadonlyMap<number, RoomPlayer> = new Map();

  /** @param load a game's package, when it is at hand */
  constructor(load: (game: string) => GameData | undefined) {
    this.#load = load;
  }

  /** Who sits where. */
  seat(players: readonly RoomPlayer[]): void {
    this.#players = new Map(players.map((player) => [player.slot, player]));
  }

  /** A game's package came or changed. */
  forget(game: string): void {
    this.#games.delete(game);
  }

  item(id: number, slot: number): string {
    return this.#find('items', id, slot) ?? `Unknown item (ID: ${id})`;
  }

  location(id: number, slot: number): string {
    return this.#find('locations', id, slot) ?? `Unknown location (ID: ${id})`;
  }

  player(slot: number): string {
    const player = this.#players.get(slot);
    if (player) return stripControls(player.alias);
    return slot === SERVER_SLOT ? CORE_GAME : `Unknown player (Slot: ${slot})`;
  }

  items(slot: number): ReadonlyMap<number, string> {
    return this.#ownNames(slot)?.items ?? NO_NAMES;
  }

  locations(slot: number): ReadonlyMap<number, string> {
    return this.#ownNames(slot)?.locations ?? NO_NAMES;
  }

  #ownNames(slot: number): GameNames | undefined {
    const game = this.#players.get(slot)?.game;
    return game === undefined ? undefined : this.#names(game);
  }

  #find(kind: keyof GameNames, id: number, slot: number): string | undefined {
    const own = this.#ownNames(slot)?.[kind].get(id);
    return own ?? this.#names(CORE_GAME)?.[kind].get(id);
  }

  #names(game: string): GameNames | undefined {
    const known = this.#games.get(game);
    if (known) return known;
    const data = this.#load(game);
    if (!data) return undefined;
    const names = { items: invert(data.item_name_to_id), locations: invert(data.location_name_to_id) };
    this.#games.set(game, names);
    return names;
  }
}
