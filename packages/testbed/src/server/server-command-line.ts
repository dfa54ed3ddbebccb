import { parseArgs } from 'node:util';
import { usageError } from '@causeway/bridge/cli';
import { DEFAULT_PORT } from '@causeway/protocol/archipelago';

/** What `causeway-testbed server` was asked to do. */
export interface ServerCommandLine {
  readonly help: boolean;
  readonly json: boolean;
  readonly room: string | undefined;
  readonly port: number;
  readonly passwordFile: string | undefined;
  readonly adminPasswordFile: string | undefined;
  readonly save: string | undefined;
}

export const SERVER_HELP = `Usage: causeway-testbed server --room FILE [flags]

Runs a multiworld server for one room on this machine until stopped.

  --room FILE                 the room: rooms/duo.json of this package shows the format
  --port N                    port; 0 takes a free one (default ${DEFAULT_PORT})
  --password-file FILE        players must give the password in FILE
  --admin-password-file FILE  opens !admin to whoever knows the password in FILE
  --save FILE                 keeps what happened there: read at start, written on /save and at the end
  --json                      one JSON object per line on stdout: what happens
  --help                      print this help

Lines typed into it are the host's: /help lists the commands, anything else is chat.
`;

const OPTIONS = {
  room: { type: 'string' },
  port: { type: 'string' },
  'password-file': { type: 'string' },
  'admin-password-file': { type: 'string' },
  save: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const MAX_PORT = 0xffff;

const parsePort = (text: string): number => {
  const port = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (port <= MAX_PORT) return port;
  throw usageError(`--port "${text}" is not a port.`, `It takes whole numbers from 0 to ${MAX_PORT}.`);
};

const parseValues = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw usageError('The command line was not understood.', error instanceof Error ? error.message : String(error));
  }
};

/** Throws `usage`. */
export const parseServerCommandLine = (args: readonly string[]): ServerCommandLine => {
  const values = parseValues(args);
  if (values.room === undefined && !values.help) throw usageError('Which room?', 'Give it with --room FILE.');
  return {
    help: values.help,
    json: values.json,
    room: values.room,
    port: values.port === undefined ? DEFAULT_PORT : parsePort(values.port),
    passwordFile: values['password-file'],
    adminPasswordFile: values['admin-password-file'],
    save: values.save,
  };
};
