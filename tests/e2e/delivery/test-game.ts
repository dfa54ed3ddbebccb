import type { Region } from '@causeway/bridge/device';
import type { GameModule } from '@causeway/bridge/game';
import {
  DATA_PACKAGE,
  type DeliveryModel,
  GAME,
  module,
  PROGRESS_REGIONS,
  readGameRom,
  readProgress,
  stampRom,
} from '@causeway/testbed/game';
import { type RoomDefinition, readRoom } from '@causeway/testbed/server';

/** What a game's own save says happened. */
export interface TestProgress {
  /** Ids of the locations that are checked. */
  readonly locations: readonly number[];
  /** Ids of the items the game has taken, in the order in which it took them. */
  readonly items: readonly number[];
}

export interface Stamp {
  readonly slotName: string;
  readonly seed: string;
}

/** One of our own games, as the suites play it. */
export interface TestGame {
  readonly game: string;
  readonly module: GameModule;
  readonly items: Readonly<Record<string, number>>;
  readonly locations: Readonly<Record<string, number>>;
  /** Three items a host may hand out as often as it likes without the game being won or lost. */
  readonly gifts: readonly [string, string, string];
  /** For each way in which it takes items: the file to load for one slot. */
  readonly images: Readonly<Record<string, (stamp: Stamp) => Uint8Array>>;
  readonly progressRegions: readonly Region[];
  readonly readProgress: (bytesAt: (region: Region) => Uint8Array) => TestProgress;
}

const emberwalk =
  (delivery: DeliveryModel) =>
  (stamp: Stamp): Uint8Array =>
    stampRom(readGameRom(), { ...stamp, delivery });

export const EMBERWALK: TestGame = {
  game: GAME,
  module,
  items: DATA_PACKAGE.item_name_to_id,
  locations: DATA_PACKAGE.location_name_to_id,
  gifts: ['Coin', 'Apple', 'Feather'],
  images: { 'counter advanced by the game': emberwalk('game'), 'counter advanced by the client': emberwalk('client') },
  progressRegions: PROGRESS_REGIONS,
  readProgress,
};

/**
 * A room of two slots whose locations hold the other's first gift, so that a slot receives exactly what a test sends it as long
 * as the other one does not play.
 */
export const twoSlotRoom = ({ game, items, locations, gifts }: TestGame, seed: string): RoomDefinition => {
  const slot = (name: string, other: string) => ({
    name,
    game,
    locations: Object.fromEntries(Object.keys(locations).map((each) => [each, { item: gifts[0], for: other }])),
  });
  return readRoom(
    JSON.stringify({ seed, games: { [game]: { items, locations } }, slots: [slot('Ana', 'Ben'), slot('Ben', 'Ana')] }),
  );
};
