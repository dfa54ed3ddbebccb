import { readFileSync } from 'node:fs';
import type { BridgeCommand } from '@causeway/bridge/cli';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What makes `causeway-dolphin` out of the command all bridges share. */
export const dolphinCommand: BridgeCommand = {
  name: 'causeway-dolphin',
  version,
  about: 'Joins a GameCube or Wii game in Dolphin to an Archipelago multiworld, and looks into its memory.',
  nothingFound: 'Start the game in Dolphin, as the same user as this program.',
  loadDriver: async ({ env }) => (await import('./dolphin-driver.js')).createDolphinDriver({ env }),
};
