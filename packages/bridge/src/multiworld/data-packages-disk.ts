import { GameData } from '@causeway/protocol/archipelago';
import { type Clock, systemClock } from '../clock.js';
import { type Logger, silentLogger } from '../logger.js';
import { type CacheFiles, diskFiles } from './cache-files.js';
import type { DataPackageStore } from './data-packages.js';
import { packagePath } from './data-packages-path.js';
import { prunePackages } from './data-packages-pruning.js';

/** The largest worlds take several hundred kB. */
const MAX_BYTES = 16 * 1024 * 1024;
/** However much a server sends, the folder outgrows its bounds by no more than this. */
const PRUNE_EVERY_BYTES = 16 * 1024 * 1024;

export interface DiskDataPackagesOptions {
  /** Where packages are written, and looked for first. Made when there is something to write. */
  readonly folder: string;
  /** A cache of another program, such as Archipelago's own, which is read and never changed. */
  readonly sharedFolder?: string | undefined;
  readonly logger?: Logger;
  readonly files?: CacheFiles;
  /** Tells how old files are. */
  readonly clock?: Pick<Clock, 'now'>;
}

/** {@link DataPackageStore} that outlives the program. */
export interface DiskDataPackages extends DataPackageStore {
  missing(checksums: Readonly<Record<string, string>>): readonly string[];
  /** Written in the background; never fails. */
  save(game: string, checksum: string, data: GameData): void;
  /** Resolves when everything saved so far is written, or has failed to be. Never rejects. */
  idle(): Promise<void>;
}

/** A package waiting to be written. */
interface Unwritten {
  readonly game: string;
  readonly checksum: string;
  readonly path: string;
  readonly data: GameData;
}

/**
 * Keeps packages as `datapackage/GAME/CHECKSUM.json`, the layout every Archipelago client shares.
 *
 * A login looks at the directory entries of the room's games and opens nothing; a file is opened when a name of its game is first
 * wanted. What cannot be read counts as missing, what cannot be written is kept in memory.
 */
export const diskDataPackages = (options: DiskDataPackagesOptions): DiskDataPackages => new DiskStore(options);

class DiskStore implements DiskDataPackages {
  readonly #folders: readonly string[];
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #files: CacheFiles;
  readonly #clock: Pick<Clock, 'now'>;
  /** Not on disk: being written, or not writable. By checksum and game. */
  readonly #inMemory = new Map<string, GameData>();
  /** On disk and useless, so that each name does not try again. */
  readonly #useless = new Set<string>();
  /** Whether the folder is ours alone. */
  readonly #prunes: boolean;
  readonly #queue: Unwritten[] = [];
  #writing: Promise<void> = Promise.resolve();
  #touching: Promise<void> = Promise.resolve();
  #failing = false;

  constructor({ folder, sharedFolder, logger, files, clock }: DiskDataPackagesOptions) {
    this.#folder = folder;
    this.#folders = sharedFolder === undefined ? [folder] : [folder, sharedFolder];
    this.#prunes = folder !== sharedFolder;
    this.#logger = logger ?? silentLogger;
    this.#files = files ?? diskFiles;
    this.#clock = clock ?? systemClock;
  }

  missing(checksums: Readonly<Record<string, string>>): readonly string[] {
    return Object.entries(checksums)
      .filter(([game, checksum]) => !this.#has(game, checksum))
      .map(([game]) => game);
  }

  load(game: string, checksum: string): GameData | undefined {
    const key = keyOf(game, checksum);
    const kept = this.#inMemory.get(key);
    if (kept || this.#useless.has(key)) return kept;
    for (const [index, path] of this.#paths(game, checksum).entries()) {
      const data = this.#read(path, checksum, index === 0);
      if (data) return data;
    }
    this.#useless.add(key);
    return undefined;
  }

  save(game: string, checksum: string, data: GameData): void {
    const key = keyOf(game, checksum);
    this.#inMemory.set(key, data);
    this.#useless.delete(key);
    const path = packagePath(this.#folder, game, checksum);
    if (path === undefined) return;
    this.#queue.push({ game, checksum, path, data });
    if (this.#queue.length === 1) this.#writing = this.#writing.then(() => this.#writeAll());
  }

  idle(): Promise<void> {
    return this.#writing;
  }

  #has(game: string, checksum: string): boolean {
    const key = keyOf(game, checksum);
    if (this.#inMemory.has(key)) return true;
    if (this.#useless.has(key)) return false;
    return this.#paths(game, checksum).some((path) => {
      const bytes = this.#files.size(path);
      return bytes !== undefined && bytes > 0 && bytes <= MAX_BYTES;
    });
  }

  #paths(game: string, checksum: string): readonly string[] {
    return this.#folders.flatMap((folder) => packagePath(folder, game, checksum) ?? []);
  }

  #read(path: string, checksum: string, own: boolean): GameData | undefined {
    const text = this.#files.read(path, MAX_BYTES);
    if (text === undefined) return undefined;
    const data = parsePackage(text);
    if (data?.checksum !== checksum) {
      this.#logger.warn('multiworld.cached_names_invalid', { path });
      return undefined;
    }
    if (own) this.#touching = this.#files.touch(path).catch(() => {});
    return data;
  }

  async #writeAll(): Promise<void> {
    let bytes = 0;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      bytes += await this.#write(next);
      this.#queue.shift();
      if (bytes < PRUNE_EVERY_BYTES && this.#queue.length > 0) continue;
      bytes = 0;
      await this.#prune();
    }
  }

  /** Returns how many bytes it wrote. */
  async #write({ game, checksum, path, data }: Unwritten): Promise<number> {
    try {
      // The checksum in the file is what other programs compare: a file without one would be of no use to them.
      const text = JSON.stringify({ ...data, checksum });
      if (text.length > MAX_BYTES) return 0;
      await this.#files.write(path, text);
      this.#failing = false;
      const key = keyOf(game, checksum);
      if (this.#inMemory.get(key) === data) this.#inMemory.delete(key);
      return text.length;
    } catch (error) {
      // A full disk fails for every game of the room; one warning is enough to know.
      const tell = this.#failing ? 'debug' : 'warn';
      this.#logger[tell]('multiworld.names_not_kept', { game, path, error: String(error) });
      this.#failing = true;
      return 0;
    }
  }

  async #prune(): Promise<void> {
    if (!this.#prunes) return;
    await this.#touching;
    try {
      await prunePackages(this.#files, this.#folder, this.#clock.now());
    } catch (error) {
      this.#logger.debug('multiworld.names_not_pruned', { error: String(error) });
    }
  }
}

const keyOf = (game: string, checksum: string): string => `${checksum}\n${game}`;

const isIdTable = (table: Readonly<Record<string, number>>): boolean =>
  Object.values(table).every((id) => Number.isSafeInteger(id));

const parsePackage = (text: string): GameData | undefined => {
  try {
    const { data } = GameData.safeParse(JSON.parse(text));
    return data && isIdTable(data.item_name_to_id) && isIdTable(data.location_name_to_id) ? data : undefined;
  } catch {
    return undefined;
  }
};
