import type { GameData } from '@causeway/protocol/archipelago';

/**
 * Where data packages are kept between logins. The names of a game change only with its checksum.
 *
 * `missing` is asked once per login and must not read more than it has to; `load` is asked when a name is first needed.
 */
export interface DataPackageStore {
  /** Which of these games (name → checksum) are not here. A promise does not hold up the login. */
  missing(checksums: Readonly<Record<string, string>>): readonly string[] | Promise<readonly string[]>;
  /** Synchronous, because names are; any failure is `undefined`. */
  load(game: string, checksum: string): GameData | undefined;
  save(game: string, checksum: string, data: GameData): void | Promise<void>;
}

/** Keeps packages for as long as the process lives. */
export const memoryDataPackages = (): DataPackageStore => {
  const packages = new Map<string, GameData>();
  const key = (game: string, checksum: string): string => `${checksum}\n${game}`;
  return {
    missing: (checksums) =>
      Object.entries(checksums)
        .filter(([game, checksum]) => !packages.has(key(game, checksum)))
        .map(([game]) => game),
    load: (game, checksum) => packages.get(key(game, checksum)),
    save: (game, checksum, data) => {
      packages.set(key(game, checksum), data);
    },
  };
};
