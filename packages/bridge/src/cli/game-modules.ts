import type { GameModule } from '../game/contract.js';
import type { RUN_FLAGS } from './common-flags.js';
import { loadGameModule } from './load-game-module.js';
import { usageError } from './usage-error.js';
import type { VerbCall } from './verb.js';

const sameWords = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The modules this run may choose from: the bridge's own and the person's, narrowed by `--game`. */
export const gameModules = async (call: VerbCall<typeof RUN_FLAGS>): Promise<readonly GameModule[]> => {
  const { game, module: file } = call.flags;
  const own = file === undefined ? [] : [await loadGameModule(file, call.host.cwd)];
  const builtIn = (await call.command.loadModules?.()) ?? [];
  // The person's module stands for a built-in one of the same id: that is how one is tried out.
  const modules = [...own, ...builtIn.filter(({ id }) => own.every((mine) => mine.id !== id))];
  if (game === undefined) return modules;
  const chosen = modules.filter((module) => sameWords(module.id, game) || sameWords(module.game, game));
  if (chosen.length > 0) return chosen;
  const known = modules.map(({ id, game: name }) => `${id} (${name})`).join(', ');
  throw usageError(
    `No game module is called "${game}".`,
    known ? `There are ${known}.` : 'There are none; --module FILE adds one.',
  );
};
