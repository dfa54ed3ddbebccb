import { connect } from 'node:net';
import type { GdbEndpoint } from './gdb-endpoint.js';

/** Called by a stream, never before its factory returned. `close` comes exactly once, and last. */
export interface GdbStreamHandlers {
  open(): void;
  bytes(chunk: Uint8Array): void;
  /** `problem`: what the system said, when it said something. */
  close(problem?: string): void;
}

/** One stream of bytes both ways, small enough to fake. Single-use. */
export interface GdbStream {
  send(bytes: Uint8Array): void;
  /** Leaves at once; `close` follows. */
  destroy(): void;
}

export type GdbStreamFactory = (endpoint: GdbEndpoint, handlers: GdbStreamHandlers) => GdbStream;

export const netGdbStream: GdbStreamFactory = (endpoint, handlers) => {
  const where = endpoint.kind === 'tcp' ? { host: endpoint.host, port: endpoint.port } : { path: endpoint.path };
  const socket = connect({ ...where, noDelay: true });
  let problem: string | undefined;
  socket.on('connect', () => handlers.open());
  socket.on('data', (chunk) => handlers.bytes(chunk));
  socket.on('error', (error) => {
    problem = error.message;
  });
  socket.on('end', () => socket.destroy());
  socket.on('close', () => handlers.close(problem));
  return {
    send: (bytes) => {
      socket.write(bytes);
    },
    destroy: () => {
      socket.destroy();
    },
  };
};
