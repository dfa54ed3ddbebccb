import { readFileSync } from 'node:fs';
import { runBridgeCommand } from '@causeway/bridge/cli';
import { connectorVerb } from './connector-verb.js';

/** Something a game module of the person's own left running must not keep a finished command alive. */
const LINGER_MS = 1_000;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const code = await runBridgeCommand({
  name: 'causeway-bizhawk',
  version,
  about: 'Joins a game in BizHawk or FCEUX to an Archipelago multiworld, and looks into its memory.',
  loadDriver: async (options) => (await import('./command-driver.js')).createCommandDriver(options),
  verbs: [connectorVerb],
});

process.exitCode = code;
setTimeout(() => process.exit(code), LINGER_MS).unref();
