import { CausewayError } from '@causeway/protocol/errors';
import { hideUserInfo } from './secrets.js';

/** The command was not understood. `why` is what would have been. */
export const usageError = (message: string, why: string): CausewayError =>
  new CausewayError('usage', hideUserInfo(message), { context: { why: hideUserInfo(why) } });
