import { CausewayError } from '@causeway/protocol/errors';
import type { BridgeCommand } from './bridge-command.js';
import type { CommandHost } from './command-host.js';
import { type CommandLine, namedVerb } from './command-line.js';
import { failureLines } from './failure.js';
import type { Output } from './output.js';
import type { Verb } from './verb.js';
import { DEFAULT_VERB } from './verbs.js';

/** Only `run` writes a log file. */
const UNLOGGED_BUG = 'This is a bug in Causeway. Report it with what the same command shows with --log-level debug.';

export interface FailureSetting {
  readonly command: Pick<BridgeCommand, 'name'>;
  readonly verbs: readonly Verb[];
  readonly host: CommandHost;
  readonly output: Output;
}

/** Says what went wrong, to people and with `--json` to programs, and knows the exit code. */
export class FailureTeller {
  readonly #setting: FailureSetting;
  #line: CommandLine | undefined;

  constructor(setting: FailureSetting) {
    this.#setting = setting;
  }

  /** The command line was understood: failures from here on are about it. */
  understood(line: CommandLine): void {
    this.#line = line;
  }

  /** Tells a failure and returns the exit code. */
  tell(fault: unknown): number {
    const { host, output } = this.#setting;
    const error = CausewayError.from(fault);
    if (error.code === 'interrupted') {
      output.note('Stopped.');
      return error.exitCode;
    }
    const command = this.#commandName();
    const fix = this.#fixFor(error, command);
    for (const line of failureLines(error, { command, ...(fix === undefined ? {} : { fix }) })) output.note(line);
    if (this.#wantsJson()) output.json(failureEvent(error, fix ?? error.fix, host.clock.now()));
    return error.exitCode;
  }

  /** Advice that fits this command better than the catalogue's. */
  #fixFor({ code }: CausewayError, command: string): string | undefined {
    if (code === 'usage') return `See \`${command} --help\`.`;
    return code === 'unexpected' && !this.#hasLogFile() ? UNLOGGED_BUG : undefined;
  }

  #hasLogFile(): boolean {
    return this.#line?.verb.name === DEFAULT_VERB && this.#line.flags['log-level'] !== 'silent';
  }

  #commandName(): string {
    const { command, host, verbs } = this.#setting;
    const verb = this.#line?.verb ?? namedVerb(host.argv, verbs);
    return verb ? `${command.name} ${verb.name}` : command.name;
  }

  #wantsJson(): boolean {
    return this.#line ? this.#line.flags['json'] === true : this.#setting.host.argv.includes('--json');
  }
}

/** A failure as programs get it: the `error` event of a session, whatever the verb. */
const failureEvent = (error: CausewayError, fix: string, now: number): object => ({
  time: new Date(now).toISOString(),
  event: 'error',
  code: error.code,
  message: error.message,
  fix,
  context: error.context,
});
