import { z } from 'zod';
import { CausewayError } from '../errors/causeway-error.js';

/** What the bridge answers a poll with when it wants the script to stop polling. */
export const COMM_BYE = 'BYE';

/**
 * What the script sends on the emulator's outgoing socket, once per poll; the bridge answers at once with a request
 * array (`[]` when it has nothing) or {@link COMM_BYE}.
 */
export const CommPoll = z.object({
  /** Version of this exchange. */
  causeway: z.literal(1),
  /** Counts the polls of one script run. */
  seq: z.number(),
  frame: z.number(),
  system: z.string(),
  hash: z.string(),
  /** Version of the connector script. */
  connector: z.string(),
  /** Whatever the launcher put into the emulator's environment, to tell its own emulator from a stranger. */
  token: z.string().nullish(),
  /** Responses to the last request array that was not empty, until a poll that carried them was answered. */
  answer: z.array(z.unknown()).nullish(),
  /** `seq` of the poll that was answered with that request array. */
  answers: z.number().nullish(),
});
export type CommPoll = z.infer<typeof CommPoll>;

/** One poll; throws `protocol_malformed`. */
export const decodeCommPoll = (text: string): CommPoll => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CausewayError('protocol_malformed', 'The emulator sent a frame that is not JSON.', { cause: error });
  }
  const parsed = CommPoll.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CausewayError('protocol_malformed', 'The emulator sent a frame that is no poll of our script.', {
    cause: parsed.error,
  });
};
