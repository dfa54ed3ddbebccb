import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CausewayError } from '@causeway/protocol/errors';

/** Emulators that have a connector script of ours. */
export const CONNECTOR_EMULATORS = ['bizhawk', 'fceux'] as const;
export type ConnectorEmulator = (typeof CONNECTOR_EMULATORS)[number];

/** File name of an emulator's connector script. */
export const connectorScriptName = (emulator: ConnectorEmulator): string => `causeway-${emulator}.lua`;

/** Built, the scripts lie in the package beside `dist/`; from source, where they are made: in the repository's `lua/`. */
const folder = /\/src\/[^/]*$/.test(import.meta.url) ? '../../../lua/' : '../lua/';

/** The connector script to load in an emulator: one self-contained file. Throws `file_unreadable` when it is missing. */
export const connectorScriptPath = (emulator: ConnectorEmulator): string => {
  const path = fileURLToPath(new URL(`${folder}${connectorScriptName(emulator)}`, import.meta.url));
  if (existsSync(path)) return path;
  throw new CausewayError('file_unreadable', 'The connector script is missing from this installation.', {
    context: { path },
  });
};
