import type { DataPackage, GameData, RoomInfo } from '@causeway/protocol/archipelago';
import type { Logger } from '../logger.js';
import type { DataPackageStore } from './data-packages.js';
import { NameBook } from './room-names.js';

/** The data packages of a room, from the store or the server, and the names in them. */
export class NameSource {
  readonly book: NameBook;
  readonly #store: DataPackageStore;
  readonly #logger: Logger;
  /** Packages without a checksum, or with another one than the room announced: good for this run only. */
  readonly #unkept = new Map<string, GameData>();
  #checksums: ReadonlyMap<string, string> = new Map();
  readonly #asked = new Set<string>();

  /** @param ask requests a game that turned out to be missing when a name of it was wanted */
  constructor(store: DataPackageStore, logger: Logger, ask: (game: string) => void) {
    this.#store = store;
    this.#logger = logger;
    this.book = new NameBook((game) => this.#load(game, ask));
  }

  /** A new connection: which packages the room goes by. */
  greet(info: RoomInfo): void {
    const checksums = new Map(Object.entries(info.datapackage_checksums));
    for (const [game, checksum] of checksums) {
      if (this.#checksums.get(game) !== checksum) this.book.forget(game);
    }
    this.#checksums = checksums;
    this.#asked.clear();
  }

  receive({ data }: DataPackage): void {
    for (const [game, names] of Object.entries(data.games)) {
      const announced = this.#checksums.get(game);
      this.book.forget(game);
      if (announced === undefined || (names.checksum ?? announced) !== announced) {
        this.#unkept.set(game, names);
        continue;
      }
      this.#unkept.delete(game);
      this.#save(game, announced, names);
    }
  }

  #load(game: string, ask: (game: string) => void): GameData | undefined {
    const checksum = this.#checksums.get(game);
    const data = this.#unkept.get(game) ?? (checksum === undefined ? undefined : this.#store.load(game, checksum));
    if (!data && checksum !== undefined && !this.#asked.has(game)) {
      this.#asked.add(game);
      ask(game);
    }
    return data;
  }

  #save(game: string, checksum: string, names: GameData): void {
    const failed = (error: unknown): void => {
      this.#unkept.set(game, names);
      this.#logger.warn('multiworld.names_not_kept', { game, error: String(error) });
    };
    try {
      Promise.resolve(this.#store.save(game, checksum, names)).catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
