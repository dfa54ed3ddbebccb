/** Facts that belong to a log line. Never a password. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a library writes what it does. Libraries never print; a command chooses the sink. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const ignore = (): void => {};

/** The default: says nothing. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
