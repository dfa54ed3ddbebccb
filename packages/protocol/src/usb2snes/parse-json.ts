import { CausewayError } from '../errors/causeway-error.js';

/** JSON of bounded length. Throws `protocol_malformed`. */
export const parseJson = (text: string, maxLength: number): unknown => {
  if (text.length > maxLength) {
    throw new CausewayError(
      'protocol_malformed',
      `A message of ${text.length} characters is longer than ${maxLength}.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CausewayError('protocol_malformed', 'The message is no JSON.', { cause });
  }
};
