import { ansiText, type TextPart } from '@causeway/protocol/archipelago-text';
import { printable } from './printable.js';

/** What a piece of text is, in the colours players know from Archipelago's own clients (ANSI, so themes apply). */
export type Tone =
  | 'plain'
  | 'strong'
  | 'faint'
  | 'good'
  | 'warning'
  | 'failure'
  | 'progression'
  | 'useful'
  | 'trap'
  | 'filler'
  | 'location'
  | 'self'
  | 'player';

const SGR: Readonly<Record<Tone, string>> = {
  plain: '',
  strong: '1',
  faint: '2',
  good: '32',
  warning: '33',
  failure: '31',
  progression: '35',
  useful: '34',
  trap: '31',
  filler: '36',
  location: '32',
  self: '35;1',
  player: '33',
};

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** A line in the making. Plain strings are spans without colour; parts of a room's message bring their own. */
export type StyledText = string | Span | TextPart | readonly StyledText[];

export const span = (tone: Tone, text: string): Span => ({ text, tone });

const inTone = (tone: Tone, text: string): string => (SGR[tone] === '' ? text : `\u001b[${SGR[tone]}m${text}\u001b[0m`);

const isList = (text: StyledText): text is readonly StyledText[] => Array.isArray(text);

/**
 * The only place that writes escape sequences: every span's own text is made printable first, so that nothing from
 * outside can bring its own.
 */
export const renderText = (text: StyledText, colour: boolean): string => {
  if (isList(text)) return text.map((part) => renderText(part, colour)).join('');
  if (typeof text === 'string') return printable(text);
  const shown = printable(text.text);
  if (!colour) return shown;
  return 'tone' in text ? inTone(text.tone, shown) : ansiText([{ ...text, text: shown }]);
};

/** How many columns the text takes, colours apart. Counts code points; wide characters are counted as one. */
export const textWidth = (text: StyledText): number => [...renderText(text, false)].length;
