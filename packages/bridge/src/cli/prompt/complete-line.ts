import { printable } from '../printable.js';
import type { PromptSetting } from './prompt-command.js';
import { findCommand, PROMPT_COMMANDS } from './prompt-commands.js';
import { knownItems, knownLocations } from './room-commands.js';

/** What may stand where the cursor is, and the text that it replaces: as Node's readline wants it. */
export type Completion = [hits: string[], typed: string];

/** More is no help to anybody. */
const MOST_SHOWN = 100;

/** Commands of the server (`archipelago.md` §15) and what their argument may be. */
const SERVER_COMMANDS: ReadonlyMap<string, ((setting: PromptSetting) => Iterable<string>) | undefined> = new Map([
  ['!admin', undefined],
  ['!alias', undefined],
  ['!checked', knownLocations],
  ['!collect', undefined],
  ['!countdown', undefined],
  ['!getitem', knownItems],
  ['!help', undefined],
  ['!hint', knownItems],
  ['!hint_location', knownLocations],
  ['!license', undefined],
  ['!missing', knownLocations],
  ['!options', undefined],
  ['!players', undefined],
  ['!release', undefined],
  ['!remaining', undefined],
  ['!status', undefined],
]);

const commandWords = (sign: string): string[] => {
  if (sign === '!') return [...SERVER_COMMANDS].map(([name, argument]) => (argument ? `${name} ` : name));
  return PROMPT_COMMANDS.flatMap(({ name, aliases = [], argument }) => [argument ? `${name} ` : name, ...aliases]);
};

const argumentsOf = (name: string, setting: PromptSetting): Iterable<string> => {
  const known = name.startsWith('!') ? SERVER_COMMANDS.get(name) : findCommand(name)?.complete;
  return known?.(setting) ?? [];
};

const commonStart = (words: readonly string[]): string => {
  const [first = '', ...others] = words;
  let length = first.length;
  for (const word of others) while (!word.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
};

/** Completes the line up to the cursor: commands, and the names that may follow them. */
export const completeLine = (line: string, setting: PromptSetting): Completion => {
  const [, name, typed = ''] = /^\s*([/!]\S+)\s+(.*)$/s.exec(line) ?? [];
  if (name !== undefined) return complete(argumentsOf(name.toLowerCase(), setting), typed, setting);
  const word = line.trimStart();
  return complete(/^[/!]/.test(word) ? commandWords(word.charAt(0)) : [], word, setting);
};

const complete = (words: Iterable<string>, typed: string, { output }: PromptSetting): Completion => {
  const wanted = typed.toLowerCase();
  const hits: string[] = [];
  // A name that would steer the terminal cannot be typed either.
  for (const word of words) if (word.toLowerCase().startsWith(wanted) && printable(word) === word) hits.push(word);
  if (hits.length <= MOST_SHOWN) return [hits, typed];
  const start = commonStart(hits);
  if (start.length > typed.length) return [[start], typed];
  output.note(`${hits.length} names begin like this: type more of it.`);
  return [[], typed];
};
