import type { CloseInfo } from '@causeway/bridge/device';
import type { ConnectorRequest, ConnectorResponse } from '@causeway/protocol/connector';
import type { CausewayError } from '@causeway/protocol/errors';

/**
 * A connection to one connector, whoever dialled it. Single-use: once ended it stays ended.
 *
 * It moves lines and checks their form; what they mean is the channel's and the device's business.
 */
export interface Link {
  /** Opens this connection again: `bizhawk://127.0.0.1:43055`. */
  readonly uri: string;
  /**
   * Sends one line of requests and resolves with what it is answered with. One at a time; has no deadline of its own.
   * Rejects with the error that ended the link.
   */
  exchange(requests: readonly ConnectorRequest[]): Promise<readonly ConnectorResponse[]>;
  /** Resolves once, never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Ends in order. Twice is fine. */
  close(): Promise<void>;
  /** Ends now; an outstanding exchange rejects with `error`. */
  destroy(error: CausewayError): void;
}

/** How a link that ended with `error` is reported. */
export const linkEnd = (error: CausewayError | undefined): CloseInfo => {
  if (!error) return { reason: 'closed' };
  return { reason: error.code.startsWith('protocol_') ? 'protocol' : 'lost', error };
};
