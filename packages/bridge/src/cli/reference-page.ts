import { flagAbout, flagUsage, type Program, verbUsage } from './help.js';
import { promptUsage } from './prompt/prompt-command.js';
import { PROMPT_COMMANDS } from './prompt/prompt-commands.js';
import type { Verb } from './verb.js';
import { DEFAULT_VERB, SHARED_VERBS } from './verbs.js';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const table = (headings: readonly [string, string], rows: readonly (readonly [string, string])[]): string[] => [
  `| ${headings.join(' | ')} |`,
  '| --- | --- |',
  ...rows.map(([left, right]) => `| \`${cell(left)}\` | ${cell(right)} |`),
];

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const section = (program: Program, verb: Verb): string[] => [
  '',
  `## ${verb.name}`,
  '',
  ['```', `${program.name} ${verbUsage(verb)} [FLAGS]`, '```'].join('\n'),
  '',
  sentence(verb.summary),
  ...verb.details.flatMap((paragraph) => ['', paragraph]),
  '',
  ...table(
    ['argument or flag', 'meaning'],
    [
      ...verb.operands.map(({ name, about }): [string, string] => [name, about]),
      ...Object.entries(verb.flags).map(([name, flag]): [string, string] => [flagUsage(name, flag), flagAbout(flag)]),
    ],
  ),
  ...(verb.examples.length > 0 ? ['', 'Examples:', '', '```'] : []),
  ...verb.examples.map((example) => `${program.name} ${verb.name} ${example}`.trimEnd()),
  ...(verb.examples.length > 0 ? ['```'] : []),
];

/** What the person at the keyboard can type while the default verb plays. */
const promptSection = (): string[] => [
  '',
  `## The prompt of ${DEFAULT_VERB}`,
  '',
  'Anything that does not begin with `/` goes to the room: chat, or a command of the server such as `!help`.',
  'Tab completes commands and the names of items and locations.',
  '',
  ...table(
    ['word', 'does'],
    PROMPT_COMMANDS.map((command): [string, string] => [promptUsage(command), command.about]),
  ),
];

/** The program's reference as Markdown, from the table its help comes from. */
export const referencePage = (program: Program & { readonly verbs?: readonly Verb[] }): string => {
  const verbs = [...SHARED_VERBS, ...(program.verbs ?? [])];
  return [
    `# ${program.name}`,
    '',
    program.about,
    '',
    'This page is made from the table of verbs and flags that the command itself works by.',
    'Addresses and sizes are decimal or `0x` hexadecimal. Errors and exit codes: [errors.md](errors.md).',
    '',
    ...table(
      ['verb', 'does'],
      verbs.map((verb): [string, string] => [verbUsage(verb), verb.summary]),
    ),
    ...verbs.flatMap((verb) => [...section(program, verb), ...(verb.name === DEFAULT_VERB ? promptSection() : [])]),
    '',
  ].join('\n');
};
