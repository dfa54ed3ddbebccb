import { z } from 'zod';
import { CausewayError } from '../errors/causeway-error.js';
import { MAX_RESULTS, MAX_TEXT_LENGTH } from './limits.js';
import { parseJson } from './parse-json.js';

const WireResults = z.object({ Results: z.array(z.string()).max(MAX_RESULTS) });
/** A folder's list is the longest answer there is; 64 characters a name is generous. */
const MAX_RESULTS_LENGTH = 8 * MAX_TEXT_LENGTH;

/** The text message that answers. */
export const encodeResults = (results: readonly string[]): string => JSON.stringify({ Results: results });

/** Reads an answer. Throws `protocol_malformed`. */
export const decodeResults = (text: string): readonly string[] => {
  const parsed = WireResults.safeParse(parseJson(text, MAX_RESULTS_LENGTH));
  if (parsed.success) return parsed.data.Results;
  throw new CausewayError('protocol_malformed', 'The answer holds no list of results.', { cause: parsed.error });
};
