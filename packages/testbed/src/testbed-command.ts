import { type CommandHost, usageError } from '@causeway/bridge/cli';
import { CausewayError } from '@causeway/protocol/errors';

const HELP = `Usage: causeway-testbed COMMAND [flags]

Stand-ins a person can run, each until stopped:

  emulator [--rom FILE] [--port N] [--fps N|max]  a NES without a window, our connector inside
  console --system snes [--fault NAME]...         a SNES with a game in memory, behind four protocols
  server --room FILE [--port N]                   a multiworld server

  stamp --slot NAME FILE                          writes a copy of the game for a slot

Each tells its flags with --help. --version prints the version.
`;

type Command = (args: readonly string[], host: CommandHost) => Promise<number>;

/** Loaded when used: neither stand-in needs the other. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  console: async () => (await import('./console/command.js')).runConsoleCommand,
  emulator: async () => (await import('./emulator/command.js')).runEmulatorCommand,
  stamp: async () => (await import('./game/stamp-command.js')).runStampCommand,
  server: async () => (await import('./server/command.js')).runServerCommand,
};

const printFailure = (host: CommandHost, error: CausewayError): void => {
  const why = error.context['why'] ?? (error.cause instanceof Error ? error.cause.message : undefined);
  host.stderr.write(`! ${error.message}\n`);
  if (why !== undefined) host.stderr.write(`  ${String(why)}\n`);
  host.stderr.write(`  ${error.fix}  error: ${error.code}\n`);
};

const dispatch = async (host: CommandHost, version: string): Promise<number> => {
  const [name, ...args] = host.argv;
  if (name === '--version') {
    host.stdout.write(`causeway-testbed ${version}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h') {
    host.stdout.write(HELP);
    return 0;
  }
  const load = name === undefined ? undefined : COMMANDS[name];
  if (load !== undefined) return (await load())(args, host);
  throw usageError(
    name === undefined ? 'Which command?' : `There is no command "${name}".`,
    `There are ${Object.keys(COMMANDS).join(', ')}; --help tells more.`,
  );
};

/** `causeway-testbed`. Prints failures and resolves with the exit code; never rejects. */
export const runTestbedCommand = async (host: CommandHost, version: string): Promise<number> => {
  try {
    return await dispatch(host, version);
  } catch (error) {
    const coded = CausewayError.from(error);
    printFailure(host, coded);
    return coded.exitCode;
  }
};
