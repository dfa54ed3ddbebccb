import { CausewayError } from '@causeway/protocol/errors';

/** One way to the console from outside, on a port of this machine. */
export interface Door {
  readonly port: number;
  /** Ends every connection at once, as the end of the program would. Twice is fine. */
  close(): Promise<void>;
}

/** What a failure to listen means. */
export const listenFailure = (protocol: 'TCP' | 'UDP', port: number, cause: unknown): CausewayError =>
  new CausewayError('port_in_use', `${protocol} port ${port} cannot be used.`, {
    cause,
    context: { protocol, port },
    fix: 'Close the program that holds it, or choose another port.',
  });
