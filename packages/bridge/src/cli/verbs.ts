import { COMMON_FLAGS, DEVICE_FLAGS, RUN_FLAGS, WRITE_FLAGS } from './common-flags.js';
import { defineVerb, type Operand, type Verb } from './verb.js';

const DOMAIN: Operand = { name: 'DOMAIN', about: 'a memory domain, as `info` lists them', presence: 'required' };
const ADDRESS: Operand = { name: 'ADDRESS', about: 'bytes from the start of the domain', presence: 'required' };

const run = defineVerb({
  name: 'run',
  summary: 'joins a device to a multiworld and plays until stopped (default)',
  details: [
    'A password comes from --password-file, the variable CAUSEWAY_PASSWORD or a prompt; never as an argument, because other users of the machine can see those.',
    'In a terminal, what you type goes to the room: chat, or a command such as !hint. Words that begin with / are for this program: /help lists them, Tab completes them and the names of items and locations, /quit ends as Ctrl+C does.',
  ],
  operands: [
    { name: 'LINK', about: 'archipelago://SLOT@HOST:PORT instead of --server and --slot', presence: 'optional' },
  ],
  flags: RUN_FLAGS,
  examples: [
    '--server archipelago.gg:38281',
    '--server localhost:38281 --slot Ana --json',
    'archipelago://Ana@archipelago.gg:38281',
  ],
  load: async () => (await import('./verbs/run.js')).run,
});

const devices = defineVerb({
  name: 'devices',
  summary: 'lists what can be reached now',
  details: ['Nothing is disturbed: what another client holds is shown as busy. Finding nothing is no failure.'],
  operands: [],
  flags: COMMON_FLAGS,
  examples: ['', '--json'],
  load: async () => (await import('./verbs/devices.js')).devices,
});

const info = defineVerb({
  name: 'info',
  summary: 'shows system, ROM, memory domains with sizes and capabilities',
  details: [],
  operands: [],
  flags: DEVICE_FLAGS,
  examples: ['', '--json'],
  load: async () => (await import('./verbs/info.js')).info,
});

const read = defineVerb({
  name: 'read',
  summary: 'reads memory once and shows it as a hex dump',
  details: [],
  operands: [DOMAIN, ADDRESS, { name: 'SIZE', about: 'how many bytes', presence: 'required' }],
  flags: DEVICE_FLAGS,
  examples: ['RAM 0x10 64', 'WRAM 0 4 --json'],
  load: async () => (await import('./verbs/read.js')).read,
});

const write = defineVerb({
  name: 'write',
  summary: 'writes memory once, on condition if guards are given',
  details: [
    'A guard that does not hold is an outcome, not a failure: nothing is written, the command says so and ends with 1.',
  ],
  operands: [DOMAIN, ADDRESS, { name: 'HEX', about: 'the bytes in memory order: 00ff10', presence: 'required' }],
  flags: WRITE_FLAGS,
  examples: ['RAM 0x20 05', 'RAM 0x20 05 --guard RAM:0x1f:01'],
  load: async () => (await import('./verbs/write.js')).write,
});

const watch = defineVerb({
  name: 'watch',
  summary: 'prints a line per change until stopped',
  details: [
    'TYPE is u8, i8, u16le, u16be (likewise 24, 32, 64; i for signed), f32le, f64be and so on, bytes[N], text[N], bits or bits[N].',
    'Everything is read once per frame in one batch. A lost device is looked for until it is back.',
  ],
  operands: [{ name: 'SPEC', about: 'DOMAIN:ADDRESS:TYPE[:NAME]', presence: 'repeated' }],
  flags: DEVICE_FLAGS,
  examples: ['RAM:0x10:u8', 'RAM:0x10:u16le:gold WRAM:0:bits[32]:chests'],
  load: async () => (await import('./verbs/watch.js')).watch,
});

/** The verbs every bridge has, in the order of the help. */
export const SHARED_VERBS: readonly Verb[] = [run, devices, info, read, write, watch];

/** The verb of a command line that names none. */
export const DEFAULT_VERB = 'run';
