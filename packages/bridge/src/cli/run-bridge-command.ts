import { CausewayError } from '@causeway/protocol/errors';
import type { Driver } from '../device/contract.js';
import { silentLogger } from '../logger.js';
import type { BridgeCommand } from './bridge-command.js';
import type { CommandHost } from './command-host.js';
import { type CommandLine, namesVerb, parseCommandLine } from './command-line.js';
import type { LogLevel } from './common-flags.js';
import { failureLines } from './failure.js';
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

/**
 * Runs one command line of a bridge's program from start to end.
 *
 * Never throws: what goes wrong is said on stderr in three lines, and the exit code (see the catalogue of errors) is returned.
 */
export const runBridgeCommand = async (command: BridgeCommand): Promise<number> => {
  const host = command.host ?? processHost();
  const secrets = new Secrets();
  const interruption = new Interruption(host);
  let readerGone = false;
  const output = new Output(host, secrets, () => {
    readerGone = true;
    if (!interruption.signal.aborted) interruption.request();
  });
  const teller = new FailureTeller(command, host, output);
  const detachFault = host.onFault((error) => {
    teller.tell(error);
    host.exitNow(1);
  });
  try {
    return await performVerb(command, host, { output, secrets, interruption, teller });
  } catch (error) {
    // Whoever read our output has had enough: that is an end like any other, as with `| head`.
    if (readerGone) return 0;
    return teller.tell(error);
  } finally {
    detachFault();
    interruption.detach();
    output.detach();
  }
};

interface Surroundings {
  readonly output: Output;
  readonly secrets: Secrets;
  readonly interruption: Interruption;
  readonly teller: FailureTeller;
}

const performVerb = async (command: BridgeCommand, host: CommandHost, around: Surroundings): Promise<number> => {
  const verbs = [...SHARED_VERBS, ...(command.verbs ?? [])];
  const line = parseCommandLine(host.argv, verbs);
  around.teller.setting(line);
  if (line.flags['help'] === true) return printHelp(command, host, line, verbs, around.output);
  if (line.flags['version'] === true) {
    around.output.data(`${command.name} ${command.version}`);
    return 0;
  }
  const program = await line.verb.load();
  return program.run(verbCall(command, host, line, around));
};

const printHelp = (
  command: BridgeCommand,
  host: CommandHost,
  line: CommandLine,
  verbs: readonly Verb[],
  output: Output,
): number => {
  const width = Math.max(NARROWEST_HELP, Math.min(WIDEST_HELP, host.stdout.columns ?? 80));
  output.raw(namesVerb(host.argv, verbs) ? verbHelp(command, line.verb, width) : programHelp(command, verbs, width));
  return 0;
};

const verbCall = (command: BridgeCommand, host: CommandHost, line: CommandLine, around: Surroundings): VerbCall => {
  const { output, secrets, interruption } = around;
  const level = (line.flags['log-level'] as LogLevel | undefined) ?? 'silent';
  const write = (text: string): void => {
    host.stderr.write(text);
  };
  let driver: Promise<Driver> | undefined;
  const logger = level === 'silent' ? silentLogger : createLineLogger({ clock: host.clock, level, secrets, write });
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
      driver ??= command.loadDriver({ env: host.env, logger });
      return driver;
    },
  };
};

/** Says what went wrong, to people and with `--json` to programs, and knows the exit code. */
class FailureTeller {
  readonly #command: BridgeCommand;
  readonly #host: CommandHost;
  readonly #output: Output;
  #line: CommandLine | undefined;

  constructor(command: BridgeCommand, host: CommandHost, output: Output) {
    this.#command = command;
    this.#host = host;
    this.#output = output;
  }

  /** Failures from here on are about this command line. */
  setting(line: CommandLine): void {
    this.#line = line;
  }

  tell(fault: unknown): number {
    const error = CausewayError.from(fault);
    if (error.code === 'interrupted') {
      this.#output.note('Stopped.');
      return error.exitCode;
    }
    const command = this.#line ? `${this.#command.name} ${this.#line.verb.name}` : this.#command.name;
    const fix = error.code === 'usage' ? { fix: `See \`${command} --help\`.` } : {};
    for (const line of failureLines(error, { command, ...fix })) this.#output.note(line);
    if (this.#wantsJson()) this.#output.json(failureEvent(error, this.#host.clock.now()));
    return error.exitCode;
  }

  #wantsJson(): boolean {
    return this.#line ? this.#line.flags['json'] === true : this.#host.argv.includes('--json');
  }
}

/** A failure as programs get it: the `error` event of a session, whatever the verb. */
const failureEvent = (error: CausewayError, now: number): object => ({
  time: new Date(now).toISOString(),
  event: 'error',
  code: error.code,
  message: error.message,
  fix: error.fix,
  context: error.context,
});
