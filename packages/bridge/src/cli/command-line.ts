import { parseArgs } from 'node:util';
import type { Flag, FlagTable } from './flag.js';
import { usageError } from './usage-error.js';
import type { Verb } from './verb.js';
import { DEFAULT_VERB } from './verbs.js';

/** A command line that was understood. */
export interface CommandLine {
  readonly verb: Verb;
  /** Values by flag name, as the verb's table says. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly operands: readonly string[];
}

const NO_PASSWORD_FLAG =
  'Other users of this machine can see arguments. Use --password-file FILE, the variable CAUSEWAY_PASSWORD or the prompt.';

type Token =
  | { readonly kind: 'flag'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'word'; readonly value: string };

/** What stands on the command line, before anybody asks whether it makes sense. */
const tokenize = (argv: readonly string[], verbs: readonly Verb[]): Token[] => {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const [name, flag] of verbs.flatMap((verb) => Object.entries(verb.flags))) {
    const type = flag.kind === 'switch' ? 'boolean' : 'string';
    for (const spelling of [name, ...aliasesOf(flag)]) options[spelling] = { type };
  }
  options['help'] = { type: 'boolean', short: 'h' };
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  return tokens.flatMap((token): Token[] => {
    if (token.kind === 'option') return [{ kind: 'flag', name: token.name, value: token.value }];
    return token.kind === 'positional' ? [{ kind: 'word', value: token.value }] : [];
  });
};

const aliasesOf = (flag: Flag): readonly string[] => (flag.kind === 'option' ? flag.aliases : []);

/** A password as an argument is refused before anything that might repeat it looks at the line. */
const refusePassword = (argv: readonly string[]): void => {
  const end = argv.indexOf('--');
  const candidates = end < 0 ? argv : argv.slice(0, end);
  if (candidates.some((word) => /^--?password(=|$)/i.test(word))) {
    throw usageError('--password is not accepted.', NO_PASSWORD_FLAG);
  }
};

const listOf = (verbs: readonly Verb[]): string => verbs.map((verb) => verb.name).join(', ');

/** Takes the verb out of the words. A link as first word stands for `run LINK`. */
const chooseVerb = (words: readonly string[], verbs: readonly Verb[]): { verb: Verb; operands: readonly string[] } => {
  const [first, ...rest] = words;
  const named = verbs.find((verb) => verb.name === first);
  if (named) return { verb: named, operands: rest };
  const standard = verbs.find((verb) => verb.name === DEFAULT_VERB);
  if (!standard) throw new TypeError(`no verb called ${DEFAULT_VERB}`);
  if (first === undefined || first.includes('://')) return { verb: standard, operands: words };
  if (/\.ap[a-z0-9]+$/i.test(first)) {
    throw usageError(
      `"${first}" is a patch file.`,
      'This command does not patch. Load the patched ROM in the emulator.',
    );
  }
  throw usageError(`There is no verb "${first}".`, `There are ${listOf(verbs)}.`);
};

const findFlag = (name: string, flags: FlagTable): [string, Flag] | undefined =>
  Object.entries(flags).find(([key, flag]) => key === name || aliasesOf(flag).includes(name));

const dashes = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);

const unknownFlag = (name: string, verb: Verb, verbs: readonly Verb[]): Error => {
  const owners = verbs.filter((other) => findFlag(name, other.flags));
  const known = Object.keys(verb.flags).map(dashes).join(', ');
  return owners.length > 0
    ? usageError(`${dashes(name)} is not a flag of \`${verb.name}\`.`, `It belongs to ${listOf(owners)}.`)
    : usageError(`There is no flag ${dashes(name)}.`, `\`${verb.name}\` takes ${known}.`);
};

const readFlag = (flag: Flag, name: string, value: string | undefined): unknown => {
  if (flag.kind === 'switch') {
    if (value !== undefined) throw usageError(`${dashes(name)} takes no value.`, `It means: ${flag.about}.`);
    return true;
  }
  if (value === undefined || (value.startsWith('-') && value !== '-')) {
    throw usageError(`${dashes(name)} needs a value.`, `It is ${dashes(name)} ${flag.value}: ${flag.about}.`);
  }
  return flag.parse(value, dashes(name));
};

const readFlags = (tokens: readonly Token[], verb: Verb, verbs: readonly Verb[]): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(verb.flags)) {
    values[key] = flag.kind === 'switch' ? false : flag.kind === 'list' ? [] : undefined;
  }
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'flag') continue;
    const found = findFlag(token.name, verb.flags);
    if (!found) throw unknownFlag(token.name, verb, verbs);
    const [key, flag] = found;
    const value = readFlag(flag, token.name, token.value);
    if (flag.kind === 'list') values[key] = [...(values[key] as unknown[]), value];
    else if (flag.kind === 'option' && seen.has(key))
      throw usageError(`${dashes(key)} is given twice.`, 'Once is enough.');
    else values[key] = value;
    seen.add(key);
  }
  return values;
};

const checkOperands = (verb: Verb, operands: readonly string[]): void => {
  const needed = verb.operands.filter((operand) => operand.presence !== 'optional');
  const missing = needed[operands.length];
  if (missing) throw usageError(`\`${verb.name}\` needs ${missing.name}.`, `It is ${missing.about}.`);
  const endless = verb.operands.some((operand) => operand.presence === 'repeated');
  const extra = operands[verb.operands.length];
  if (extra !== undefined && !endless) {
    const wanted = verb.operands.map((operand) => operand.name).join(' ') || 'none';
    throw usageError(`"${extra}" is one argument too many.`, `\`${verb.name}\` takes ${wanted}.`);
  }
};

/**
 * Understands a command line by the table of verbs, or throws a usage error. With `--help` or `--version` among the flags
 * nothing else has to be right.
 */
export const parseCommandLine = (argv: readonly string[], verbs: readonly Verb[]): CommandLine => {
  refusePassword(argv);
  const tokens = tokenize(argv, verbs);
  const words = tokens.flatMap((token) => (token.kind === 'word' ? [token.value] : []));
  const { verb, operands } = chooseVerb(words, verbs);
  const wish = tokens.find((token) => token.kind === 'flag' && ['help', 'version'].includes(token.name));
  if (wish?.kind === 'flag') return { verb, flags: { [wish.name]: true }, operands };
  const flags = readFlags(tokens, verb, verbs);
  checkOperands(verb, operands);
  return { verb, flags, operands };
};

/** The verb the person named, so that help can be about it even when the rest is wrong. */
export const namedVerb = (argv: readonly string[], verbs: readonly Verb[]): Verb | undefined => {
  const word = argv.find((each) => !each.startsWith('-'));
  return verbs.find((verb) => verb.name === word);
};
