import { flagAbout, flagUsage, type Program, verbUsage } from './help.js';
import type { Verb } from './verb.js';
import { SHARED_VERBS } from './verbs.js';

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
    ...verbs.flatMap((verb) => section(program, verb)),
    '',
  ].join('\n');
};
