import { CausewayError } from '@causeway/protocol/errors';

/** How a call ended: `no error`, the code of its error, or the words of one without a code. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (CausewayError.is(error) ? error.code : String(error)),
  );
