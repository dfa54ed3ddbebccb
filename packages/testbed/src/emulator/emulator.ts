import { CausewayError } from '@causeway/protocol/errors';
import { bundledConnector } from './bundled-files.js';
import type { Emulator, EmulatorOptions } from './emulator-options.js';
import { HostedEmulator } from './hosted-emulator.js';
import { machineFor } from './machine-for.js';

/**
 * Starts a NES (or a machine of your own) with a script inside that believes it is in EmuHawk.
 *
 * Resolves when the script has run up to its first wait; `ready` says when it listens.
 *
 * @throws `file_unreadable` when the ROM, the script or the save cannot be used
 */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  const script = options.script ?? bundledConnector();
  if (script === undefined) throw new CausewayError('file_unreadable', 'the connector script is not part of this copy');
  const emulator = new HostedEmulator(machineFor(options.rom), script, options);
  await emulator.start();
  return emulator;
};
