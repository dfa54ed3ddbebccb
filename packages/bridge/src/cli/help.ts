import type { Flag, FlagTable } from './flag.js';
import type { Operand, Verb } from './verb.js';

/** Name and meaning of the program, as far as help needs them. */
export interface Program {
  readonly name: string;
  readonly about: string;
}

const MARGIN = 2;
const GUTTER = 2;

/** Breaks text at spaces so that no line is wider than `width`; a longer word keeps a line of its own. */
const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
};

/** Two columns, the second one wrapped. */
const table = (rows: readonly (readonly [string, string])[], width: number): string[] => {
  const first = Math.max(0, ...rows.map(([left]) => left.length));
  const indent = MARGIN + first + GUTTER;
  return rows.flatMap(([left, right]) =>
    wrap(right, Math.max(24, width - indent)).map((line, index) =>
      `${' '.repeat(MARGIN)}${(index === 0 ? left : '').padEnd(first)}${' '.repeat(GUTTER)}${line}`.trimEnd(),
    ),
  );
};

/** The operand as a usage line shows it. */
const operandUsage = ({ name, presence }: Operand): string =>
  presence === 'optional' ? `[${name}]` : presence === 'repeated' ? `${name}…` : name;

/** The flag as a usage line shows it: `--server HOST:PORT`. */
export const flagUsage = (name: string, flag: Flag): string =>
  flag.kind === 'switch' ? `--${name}` : `--${name} ${flag.value}`;

/** What the flag means, its other spellings included. */
export const flagAbout = (flag: Flag): string =>
  flag.kind === 'option' && flag.aliases.length > 0
    ? `${flag.about} (also ${flag.aliases.map((alias) => `--${alias}`).join(', ')})`
    : flag.about;

const flagRows = (flags: FlagTable): [string, string][] =>
  Object.entries(flags).map(([name, flag]) => [flagUsage(name, flag), flagAbout(flag)]);

export const verbUsage = (verb: Verb): string => [verb.name, ...verb.operands.map(operandUsage)].join(' ');

/** Help of the whole program. */
export const programHelp = (program: Program, verbs: readonly Verb[], width: number): string =>
  [
    ...wrap(program.about, width),
    '',
    `Usage: ${program.name} [VERB] [ARGUMENTS] [FLAGS]`,
    '',
    ...table(
      verbs.map((verb) => [verbUsage(verb), verb.summary]),
      width,
    ),
    '',
    ...wrap(
      `\`${program.name} VERB --help\` explains a verb and its flags. Numbers are decimal or 0x hexadecimal.`,
      width,
    ),
    '',
    'Exit codes: 0 done, 1 unexpected failure or refused guard, 2 usage, 3 no device,',
    '4 refused by the server, 5 incompatible, 130 interrupted.',
    '',
  ].join('\n');

/** Help of one verb. */
export const verbHelp = (program: Program, verb: Verb, width: number): string =>
  [
    `Usage: ${program.name} ${verbUsage(verb)} [FLAGS]`,
    '',
    ...wrap(`${verb.summary.charAt(0).toUpperCase()}${verb.summary.slice(1)}.`, width),
    ...verb.details.flatMap((paragraph) => ['', ...wrap(paragraph, width)]),
    ...(verb.operands.length > 0 ? ['', 'Arguments:'] : []),
    ...table(
      verb.operands.map((operand) => [operand.name, operand.about]),
      width,
    ),
    '',
    'Flags:',
    ...table(flagRows(verb.flags), width),
    ...(verb.examples.length > 0 ? ['', 'Examples:'] : []),
    ...verb.examples.map((example) => `  ${program.name} ${verb.name} ${example}`.trimEnd()),
    '',
  ].join('\n');
