import { readFileSync } from 'node:fs';
import type { BridgeCommand } from '@causeway/bridge/cli';
import { connectorVerb } from './connector-verb.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What makes `causeway-bizhawk` out of the command all bridges share. */
export const bizhawkCommand: BridgeCommand = {
  name: 'causeway-bizhawk',
  version,
  about: 'Joins a game in BizHawk or FCEUX to an Archipelago multiworld, and looks into its memory.',
  nothingFound:
    'Start the emulator, load the game and the connector script, then try again. `causeway-bizhawk connector` prints the steps.',
  loadDriver: async (options) => (await import('./command-driver.js')).createCommandDriver(options),
  verbs: [connectorVerb],
};
