/** Everything a terminal may act on: C0 and C1 controls, DEL, line separators, and what reverses the reading direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const BREAKS = /[\t\r\n\u2028\u2029]+/g;

/**
 * Text from outside, safe to show: line breaks become a space, other control characters their code, `<1B>`.
 *
 * ROM titles, player names, chat and error texts of peers all pass here; a room must not be able to move our cursor.
 */
export const printable = (text: string): string =>
  text
    .replace(BREAKS, ' ')
    .replace(UNPRINTABLE, (found) => `<${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}>`);

/** The same for text inside JSON: still JSON, still the same value, and nothing a terminal reacts to. */
export const escapeUnprintable = (json: string): string =>
  json.replace(UNPRINTABLE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
