import type { Driver } from '../device/contract.js';
import { silentLogger } from '../logger.js';
import type { BridgeCommand } from './bridge-command.js';
import type { CommandHost } from './command-host.js';
import { type CommandLine, namedVerb, parseCommandLine } from './command-line.js';
import type { LogLevel } from './common-flags.js';
import { FailureTeller } from './failure-teller.js';
import { programHelp, verbHelp } from './help.js';
import { Interruption } from './interruption.js';
import { createLineLogger } from './line-logger.js';
import { Output } from './output.js';
import { processHost } from './process-host.js';
import { Secrets } from './secrets.js';
import type { Verb, VerbCall } from './verb.js';
import { SHARED_VERBS } from './verbs.js';

const WIDEST_HELP = 110;
const NARROWEST_HELP = 60;

/** What one command line is carried out with. */
interface Stage {
  readonly command: BridgeCommand;
  readonly verbs: readonly Verb[];
  readonly host: CommandHost;
  readonly output: Output;
  readonly secrets: Secrets;
  readonly interruption: Interruption;
}

/**
 * Runs one command line of a bridge's program from start to end.
 *
 * Never rejects: what goes wrong is said on stderr in three lines, and the exit code (see the catalogue of errors) is returned.
 */
export const runBridgeCommand = async (command: BridgeCommand): Promise<number> => {
  const host = command.host ?? processHost();
  const verbs = [...SHARED_VERBS, ...(command.verbs ?? [])];
  const secrets = new Secrets();
  const interruption = new Interruption(host);
  let readerGone = false;
  const output = new Output(host, secrets, () => {
    readerGone = true;
    if (!interruption.signal.aborted) interruption.request();
  });
  const stage: Stage = { command, verbs, host, output, secrets, interruption };
  const teller = new FailureTeller(stage);
  const detachFault = host.onFault((error) => host.exitNow(teller.tell(error)));
  try {
    return await perform(stage, teller);
  } catch (error) {
    // Whoever read our output has had enough: that is an end like any other, as with `| head`.
    return readerGone ? 0 : teller.tell(error);
  } finally {
    // A reader that leaves before it has taken everything must find somebody who listens to the error.
    await output.flushed();
    detachFault();
    interruption.detach();
    output.detach();
  }
};

const perform = async (stage: Stage, teller: FailureTeller): Promise<number> => {
  const { command, verbs, host, output } = stage;
  const line = parseCommandLine(host.argv, verbs);
  teller.understood(line);
  if (line.flags['help'] === true) {
    output.raw(helpFor(stage));
    return 0;
  }
  if (line.flags['version'] === true) {
    output.data(`${command.name} ${command.version}`);
    return 0;
  }
  const program = await line.verb.load();
  return program.run(verbCall(stage, line));
};

const helpFor = ({ command, verbs, host }: Stage): string => {
  const width = Math.max(NARROWEST_HELP, Math.min(WIDEST_HELP, host.stdout.columns ?? 80));
  const verb = namedVerb(host.argv, verbs);
  return verb ? verbHelp(command, verb, width) : programHelp(command, verbs, width);
};

const verbCall = ({ command, host, output, secrets, interruption }: Stage, line: CommandLine): VerbCall => {
  const level = (line.flags['log-level'] as LogLevel | undefined) ?? 'silent';
  const write = (text: string): void => void host.stderr.write(text);
  const logger = level === 'silent' ? silentLogger : createLineLogger({ clock: host.clock, level, secrets, write });
  let driver: Promise<Driver> | undefined;
  return {
    command,
    host,
    operands: line.operands,
    // The parser has filled this from the verb's own table.
    flags: line.flags as VerbCall['flags'],
    output,
    secrets,
    logger,
    signal: interruption.signal,
    interrupt: () => interruption.request(),
    driver: () => {
      driver ??= command.loadDriver({ env: host.env });
      return driver;
    },
  };
};
