import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { SNI_MAX_READ_BYTES, type SniMethod } from '@causeway/protocol/sni';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { type Endpoint, endpointText } from '../endpoint.js';
import { sniError } from './sni-errors.js';
import { sniUri } from './sni-target.js';

/** More than any answer to what we ask takes, in bytes. */
const MAX_ANSWER_BYTES = 512 * SNI_MAX_READ_BYTES;

const OPTIONS = {
  'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  // SNI is on this machine or in the player's own network: never ask a proxy, or a name server for settings.
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  // We decide what may be done again: a write may not.
  'grpc.enable_retries': 0,
  // One connection per client, so that closing a client closes its connection.
  'grpc.use_local_subchannel_pool': 1,
} as const;

export interface CallLimits {
  /** Deadline in milliseconds. */
  readonly timeoutMs: number;
}

/** Calls of one SNI. Answers are matched by HTTP/2: a late one is never taken for another. */
export class SniClient {
  readonly #client: Client;
  readonly #uri: string;

  constructor(endpoint: Endpoint) {
    this.#uri = sniUri({ endpoint });
    this.#client = new Client(endpointText(endpoint), credentials.createInsecure(), OPTIONS);
  }

  /** Rejects with a coded error, see `sni-errors.ts`, or with `protocol_malformed`. */
  async call<I extends DescMessage, O extends DescMessage>(
    method: SniMethod<I, O>,
    request: MessageInitShape<I>,
    { timeoutMs }: CallLimits,
  ): Promise<MessageShape<O>> {
    const bytes = await this.#send(method.path, method.encodeRequest(request), timeoutMs);
    return method.decodeResponse(bytes);
  }

  /** Calls under way are let go. Calling it twice is fine. */
  close(): void {
    this.#client.close();
  }

  #send(path: string, request: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: Uint8Array): void => {
        if (error) reject(sniError(error, { uri: this.#uri, path }));
        else resolve(answer ?? new Uint8Array(0));
      };
      const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const asBytes = ({ buffer, byteOffset, length }: Buffer): Uint8Array =>
        new Uint8Array(buffer, byteOffset, length);
      const limits = { deadline: Date.now() + timeoutMs };
      this.#client.makeUnaryRequest(path, asBuffer, asBytes, request, new Metadata(), limits, done);
    });
  }
}
