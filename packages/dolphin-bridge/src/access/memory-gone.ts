import { CausewayError } from '@causeway/protocol/errors';

/** What every way to memory answers once the memory is not there any more, or is closed. */
export const memoryGone = (cause?: unknown): CausewayError =>
  new CausewayError('device_lost', 'The game’s memory is gone.', {
    fix: 'Start the game in Dolphin again.',
    ...(cause === undefined ? {} : { cause }),
  });
