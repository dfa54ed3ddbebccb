import type { Clock } from '../clock.js';
import type { LogFields, Logger } from '../logger.js';
import { LOG_LEVELS, type LogLevel } from './common-flags.js';
import { jsonLine } from './json-line.js';
import { printable } from './printable.js';
import type { Secrets } from './secrets.js';

export interface LineLoggerOptions {
  readonly clock: Clock;
  readonly level: LogLevel;
  readonly secrets: Secrets;
  /** Takes one line, its end included. */
  readonly write: (line: string) => void;
}

/** A logger that writes lines: time, level, event, facts as JSON. Secrets are taken out of all of it. */
export const createLineLogger = ({ clock, level, secrets, write }: LineLoggerOptions): Logger => {
  const wanted = LOG_LEVELS.indexOf(level);
  const at =
    (name: LogLevel) =>
    (event: string, fields?: LogFields): void => {
      if (LOG_LEVELS.indexOf(name) > wanted) return;
      const facts = fields && Object.keys(fields).length > 0 ? ` ${jsonLine(fields, secrets)}` : '';
      const time = new Date(clock.now()).toISOString();
      write(`${secrets.hide(`${time} ${name.padEnd(5)} ${printable(event)}${facts}`)}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};
