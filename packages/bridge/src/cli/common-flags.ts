import { onOff, option, optionList } from './flag.js';
import { parseGuard } from './parse-guard.js';
import { parseChoice, parseNumber, parseText } from './parse-value.js';
import { parseCategories } from './text-categories.js';
import { usageError } from './usage-error.js';

const URI = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i;

/** From quiet to talkative, each includes those before it. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const parseUri = (text: string, flag: string): string => {
  if (URI.test(text)) return text;
  throw usageError(
    `${flag} "${text}" is not a device.`,
    'A device is a URI as `devices` prints it, scheme and :// included.',
  );
};

/** Flags every verb takes. */
export const COMMON_FLAGS = {
  json: onOff('one JSON object per line on stdout, for programs'),
  'log-level': option(
    'LEVEL',
    `how much is logged: ${LOG_LEVELS.join(', ')}. \`run\` logs to its file (default info), other verbs to stderr (default silent)`,
    (text, flag) => parseChoice(text, flag, LOG_LEVELS),
  ),
  timeout: option('MS', 'how long the other side may take for one answer, in milliseconds', (text, flag) =>
    parseNumber(text, flag, { min: 1, max: 0x7fff_ffff }),
  ),
  help: onOff('print this help'),
  version: onOff('print the version'),
};
export type CommonFlags = typeof COMMON_FLAGS;

/** Flags of verbs that open a device. */
export const DEVICE_FLAGS = {
  ...COMMON_FLAGS,
  device: option('URI', 'the device to use, as `devices` lists it; without it: look for one', parseUri),
};

/** Flags of the verb that writes. */
export const WRITE_FLAGS = {
  ...DEVICE_FLAGS,
  guard: optionList('DOMAIN:ADDRESS:HEX', 'write only if memory there equals HEX (repeatable)', parseGuard),
};

/** Flags of the verb that plays. */
export const RUN_FLAGS = {
  ...DEVICE_FLAGS,
  server: option('HOST:PORT', 'the room, also as ws://, wss:// or archipelago:// address', parseText, ['connect']),
  slot: option('NAME', 'the slot to log in as; without it: the one the ROM names', parseText, ['name']),
  game: option('NAME', 'the game module to use, by id or by its name in Archipelago', parseText),
  module: option('FILE', 'a game module of your own: an ES module that exports `module`', parseText),
  'password-file': option(
    'FILE',
    "a file with the room's password (or: variable CAUSEWAY_PASSWORD, or the prompt)",
    parseText,
  ),
  show: option(
    'CATEGORIES',
    'texts of the room shown here: any of incoming,outgoing,hint,chat,server, or all (default), or none',
    parseCategories,
  ),
  screen: option(
    'CATEGORIES',
    "texts of the room shown on the game's own screen, where the emulator can (default incoming,hint)",
    parseCategories,
  ),
  observe: onOff('read and report, but send no check and write no memory'),
  'release-held': onOff('never hold checks back: send whatever the game shows, whatever save it is'),
};
