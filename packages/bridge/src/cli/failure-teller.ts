import { CausewayError } from '@causeway/protocol/errors';
import type { BridgeCommand } from './bridge-command.js';
import type { CommandHost } from './command-host.js';
import { type CommandLine, namedVerb } from './command-line.js';
import { failureLines } from './failure.js';
import type { Output } from './output.js';
import type { Verb } from './verb.js';

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
    const fix = error.code === 'usage' ? { fix: `See \`${command} --help\`.` } : {};
    for (const line of failureLines(error, { command, ...fix })) output.note(line);
    if (this.#wantsJson()) output.json(failureEvent(error, host.clock.now()));
    return error.exitCode;
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
const failureEvent = (error: CausewayError, now: number): object => ({
  time: new Date(now).toISOString(),
  event: 'error',
  code: error.code,
  message: error.message,
  fix: error.fix,
  context: error.context,
});
