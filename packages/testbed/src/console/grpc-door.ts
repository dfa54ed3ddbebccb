import { CausewayError } from '@causeway/protocol/errors';
import { SNI_MAX_MESSAGE_BYTES, SNI_SERVICES, type SniMethod } from '@causeway/protocol/sni';
import {
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { type Door, listenFailure } from './door.js';
import { GrpcCalls, type GrpcCallsOptions, GrpcRefusal } from './grpc-calls.js';

export interface GrpcDoorOptions extends Omit<GrpcCallsOptions, 'closed'> {
  /** TCP; 0 takes a free one. */
  readonly port: number;
}

type Answer = (request: unknown) => Promise<unknown>;

/** What a failure looks like to the client. */
const statusOf = (error: unknown): { readonly code: status; readonly details: string } =>
  error instanceof GrpcRefusal
    ? { code: error.code, details: error.message }
    : { code: status.UNKNOWN, details: CausewayError.from(error).message };

const definitionOf = (method: SniMethod): MethodDefinition<unknown, unknown> => ({
  path: method.path,
  requestStream: method.streaming,
  responseStream: method.streaming,
  requestSerialize: (value) => Buffer.from(method.encodeRequest(value as never)),
  requestDeserialize: (bytes) => method.decodeRequest(bytes),
  responseSerialize: (value) => Buffer.from(method.encodeResponse(value as never)),
  responseDeserialize: (bytes) => method.decodeResponse(bytes),
});

const unary =
  (answer: Answer) =>
  (call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>): void => {
    answer(call.request).then(
      (value) => done(null, value),
      (error: unknown) => done(statusOf(error)),
    );
  };

/** One answer per request, in order; the next request is looked at when the client takes the answer. */
const streamed =
  (answer: Answer) =>
  (call: ServerDuplexStream<unknown, unknown>): void => {
    let underWay: Promise<void> = Promise.resolve();
    const serve = async (request: unknown): Promise<void> => {
      try {
        if (call.write(await answer(request))) call.resume();
        else call.once('drain', () => call.resume());
      } catch (error) {
        call.emit('error', statusOf(error));
      }
    };
    call.on('data', (request: unknown) => {
      call.pause();
      underWay = serve(request);
    });
    call.on('end', () => void underWay.then(() => call.end()));
    call.on('error', () => {});
  };

/** SNI's gRPC services. @throws `port_in_use` */
export const openGrpcDoor = async ({ port, ...options }: GrpcDoorOptions): Promise<Door> => {
  const limit = { 'grpc.max_receive_message_length': SNI_MAX_MESSAGE_BYTES };
  const server = new Server(limit);
  const closing = new AbortController();
  const calls = new GrpcCalls({ ...options, closed: closing.signal });
  for (const methods of Object.values(SNI_SERVICES)) {
    const described = Object.entries(methods) as [string, SniMethod][];
    const serve = ([name, method]: [string, SniMethod]) => {
      const answer: Answer = (request) => calls.answer(name, request as never);
      return [name, method.streaming ? streamed(answer) : unary(answer)] as const;
    };
    server.addService(
      Object.fromEntries(described.map(([name, method]) => [name, definitionOf(method)])),
      Object.fromEntries(described.map(serve)),
    );
  }
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (cause, taken) =>
      cause ? reject(listenFailure('TCP', port, cause)) : resolve(taken),
    );
  });
  return {
    port: bound,
    close: async () => {
      closing.abort();
      server.forceShutdown();
    },
  };
};
