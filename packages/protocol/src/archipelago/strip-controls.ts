/**
 * Control characters, and the marks that reverse or hide the order of text: other players choose names and chat, and a
 * terminal or a log must not obey them.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

export interface StripOptions {
  /** Keeps `\n`. Default: it becomes a space. */
  readonly lineBreaks?: boolean;
}

/** The text without anything that commands a terminal; tabs and line breaks become spaces. */
export const stripControls = (text: string, { lineBreaks = false }: StripOptions = {}): string =>
  text.replace(CONTROLS, (char) => {
    if (char === '\n' && lineBreaks) return char;
    return char === '\n' || char === '\t' ? ' ' : '';
  });
