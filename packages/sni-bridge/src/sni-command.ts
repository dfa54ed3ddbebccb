import { readFileSync } from 'node:fs';
import type { BridgeCommand } from '@causeway/bridge/cli';
import { serveVerb } from './serve/serve-verb.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What makes `causeway-sni` out of the command all bridges share. */
export const sniCommand: BridgeCommand = {
  name: 'causeway-sni',
  version,
  about: 'Joins a SNES game in RetroArch, behind SNI or QUsb2Snes, or in an NWA emulator to an Archipelago multiworld.',
  nothingFound:
    'Load the game, and in RetroArch switch on Settings > Network > Network Commands. For other emulators and for a real console start SNI or QUsb2Snes.',
  // The variables a player sets for SNI and for emulators mean the same here, so that all find each other.
  loadDriver: async ({ env }) => (await import('./sni-driver.js')).createSniDriver({ env }),
  verbs: [serveVerb],
};
