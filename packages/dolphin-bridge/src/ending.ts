import type { CloseInfo, RomIdentity } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaEnding } from './access/arena-access.js';

interface Words {
  readonly message: string;
  readonly fix: string;
}

const wordsFor = (ending: ArenaEnding | undefined, pid: number, name: string): Words => {
  switch (ending) {
    case 'restarted':
      return { message: `${name} was stopped; Dolphin (pid ${pid}) started a game anew.`, fix: 'Connect again.' };
    case 'stopped':
      return { message: `${name} was stopped; Dolphin (pid ${pid}) is still open.`, fix: 'Start the game again.' };
    case 'closed':
      return { message: `Dolphin (pid ${pid}) was closed.`, fix: 'Start Dolphin and the game again.' };
    default:
      return { message: `${name} is gone.`, fix: 'Start the game in Dolphin again.' };
  }
};

/** What a device closes with when its game is not there any more. */
export const endOf = (
  ending: ArenaEnding | undefined,
  pid: number,
  { title = 'The game' }: RomIdentity,
): CloseInfo & { readonly error: CausewayError } => {
  const { message, fix } = wordsFor(ending, pid, title);
  return { reason: 'lost', error: new CausewayError('device_lost', message, { fix, context: { pid, ending } }) };
};
