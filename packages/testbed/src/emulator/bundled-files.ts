import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ancestors = (): string[] => {
  const folders = [];
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    folders.push(folder);
  }
  return folders;
};

/**
 * Our connector script. In the repository that is the one in `lua/`; an installed package carries its copy.
 *
 * @returns `undefined` when there is neither
 */
export const bundledConnector = (): string | undefined => {
  const script = join('lua', 'causeway-bizhawk.lua');
  const found = ancestors().filter((folder) => existsSync(join(folder, script)));
  const folder = found.find((candidate) => existsSync(join(candidate, 'pnpm-workspace.yaml'))) ?? found[0];
  return folder === undefined ? undefined : join(folder, script);
};

/** The NES game of ours that comes with this package. */
export const bundledGame = (): string | undefined => {
  for (const folder of ancestors()) {
    const games = join(folder, 'game');
    if (!existsSync(games)) continue;
    const [rom] = readdirSync(games)
      .filter((name) => name.endsWith('.nes'))
      .sort();
    if (rom !== undefined) return join(games, rom);
  }
  return undefined;
};
