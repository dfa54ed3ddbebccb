import { CausewayError } from '@causeway/protocol/errors';
import type { Logger } from '../../logger.js';
import type { RUN_FLAGS } from '../common-flags.js';
import type { Engine } from '../engine.js';
import { gameModules } from '../game-modules.js';
import { playUntilStopped } from '../play-until-stopped.js';
import { givenRoom, readRoomLogin } from '../room-login.js';
import { openRunLog } from '../run-log.js';
import { Terminal } from '../terminal.js';
import { TextChoice } from '../text-categories.js';
import { usageError } from '../usage-error.js';
import type { VerbProgram } from '../verb.js';

const loadEngine = async (): Promise<Engine> => (await import('../real-engine.js')).realEngine;

/** Joins a device to a multiworld and plays until stopped. */
export const run: VerbProgram<typeof RUN_FLAGS> = {
  async run(call) {
    const { secrets, host, output, flags, command } = call;
    using terminal = new Terminal(call);
    const login = readRoomLogin(call, givenRoom(call) ?? (await askForRoom(terminal)));
    const modules = await gameModules(call);
    const categories = new TextChoice({
      ...(flags.show ? { prompt: flags.show } : {}),
      ...(flags.screen ? { screen: flags.screen } : {}),
    });
    using log = openRunLog({ program: command.name, host, level: flags['log-level'] ?? 'info', secrets });
    if (log.path !== undefined) output.note(`Log: ${log.path}`);
    const engine = await (command.loadEngine ?? loadEngine)();
    try {
      await playUntilStopped({ call, engine, modules, logger: log.logger, terminal, categories }, login);
    } catch (error) {
      logEnd(log.logger, error);
      throw error;
    }
    return 0;
  },
};

/** The terminal shows three lines; whoever mends it needs the rest. */
const logEnd = (logger: Logger, error: unknown): void => {
  if (CausewayError.is(error) && error.code === 'interrupted') logger.info('run.stopped');
  else logger.error('run.failed', { error: error instanceof Error ? error.stack : String(error) });
};

const askForRoom = (terminal: Terminal): Promise<string> => {
  if (terminal.present) return terminal.ask('Room (HOST:PORT):');
  throw usageError('No room is given.', 'Give --server HOST:PORT or a link archipelago://SLOT@HOST:PORT.');
};
