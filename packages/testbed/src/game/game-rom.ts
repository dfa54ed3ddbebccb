import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CausewayError } from '@causeway/protocol/errors';

/** From `src/game` and `dist/game`, and from bundles right below `dist`. */
const PLACES = ['../../game/emberwalk.nes', '../game/emberwalk.nes'];

/** Path of the `.nes` file that ships with this package. Throws `file_unreadable` when it is missing. */
export const gameRomPath = (): string => {
  const paths = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new CausewayError('file_unreadable', 'The game is missing from this installation.', { context: { paths } });
};

/** The game as it ships: not stamped for anybody, see {@link stampRom}. */
export const readGameRom = (): Uint8Array => Uint8Array.from(readFileSync(gameRomPath()));
