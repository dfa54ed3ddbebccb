import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CausewayError } from '@causeway/protocol/errors';
import type { DolphinBuild } from './memory-map.js';

/** From `src/dolphin-game` and `dist/dolphin-game`, and from bundles right below `dist`. */
const PLACES = ['../../dolphin/', '../dolphin/'];

/** Path of the `.dol` file that ships with this package. Throws `file_unreadable` when it is missing. */
export const dolphinProgramPath = (build: DolphinBuild): string => {
  const paths = PLACES.map((place) => fileURLToPath(new URL(`${place}rillgate-${build}.dol`, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new CausewayError('file_unreadable', 'The game is missing from this installation.', { context: { paths } });
};

/** The game as it ships, for a GameCube or a Wii: not stamped for anybody, see {@link stampProgram}. */
export const readDolphinProgram = (build: DolphinBuild): Uint8Array =>
  Uint8Array.from(readFileSync(dolphinProgramPath(build)));
