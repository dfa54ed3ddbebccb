import type { CloseInfo } from '@causeway/bridge/device';
import type { ConnectorRequest, ConnectorResponse } from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';
import { type Link, linkEnd } from '../link.js';
import type { ConnectorModel } from './connector-model.js';

/** A link without a socket. Answers at once, or only when told to. */
export class ModelLink implements Link {
  readonly uri = 'bizhawk://model:1';
  readonly closed: Promise<CloseInfo>;
  /** `true`: answers wait for {@link ModelLink.answer}. */
  held = false;
  /** Lines sent, answered or not. */
  sent: (readonly ConnectorRequest[])[] = [];
  /** How it was ended, if it was. */
  end: 'closed' | 'destroyed' | undefined;
  readonly #model: ConnectorModel;
  #outstanding: (() => void) | undefined;
  #reject: (error: CausewayError) => void = () => {};
  #resolveClosed: (info: CloseInfo) => void = () => {};

  constructor(model: ConnectorModel) {
    this.#model = model;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  exchange(requests: readonly ConnectorRequest[]): Promise<readonly ConnectorResponse[]> {
    if (this.#outstanding) throw new Error('two lines at once');
    this.sent.push(requests);
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#outstanding = () => {
        this.#outstanding = undefined;
        resolve(this.#model.answer(requests));
      };
      if (!this.held) this.#outstanding();
    });
  }

  /** Answers the outstanding line, and holds the next one back again. */
  async answer(): Promise<void> {
    this.#outstanding?.();
    await settled();
  }

  async close(): Promise<void> {
    this.end ??= 'closed';
    this.#resolveClosed(linkEnd(undefined));
  }

  destroy(error: CausewayError): void {
    this.end ??= 'destroyed';
    this.#reject(error);
    this.#resolveClosed(linkEnd(error));
  }

  /** Ends as a peer does that goes away. */
  lose(code: 'device_lost' | 'protocol_unexpected' = 'device_lost'): void {
    this.destroy(new CausewayError(code, 'gone'));
  }
}

/** Lets everything that is already decided happen. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
