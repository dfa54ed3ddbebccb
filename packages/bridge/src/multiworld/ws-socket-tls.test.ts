import { once } from 'node:events';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { encodeServerMessage, type Scheme } from '@causeway/protocol/archipelago';
import { describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { MultiworldEvent } from './contract.js';
import { openMultiworld } from './open-multiworld.js';
import type { MultiworldOptions } from './options.js';
import { ModelRoom } from './testing/model-room.js';
import { selfSigned } from './testing/self-signed.js';

const identity = selfSigned();

/** A real port that greets like a room, over TLS or not, and remembers how it was reached. */
class Port implements AsyncDisposable {
  readonly sockets: WebSocket[] = [];
  readonly offers: string[] = [];
  readonly #http: Server;
  readonly #websockets: WebSocketServer;

  private constructor(http: Server) {
    this.#http = http;
    // The windows of the reference server. A client that used larger ones could not be read.
    const perMessageDeflate = { serverMaxWindowBits: 11, clientMaxWindowBits: 11, threshold: 0 };
    this.#websockets = new WebSocketServer({ server: http, perMessageDeflate });
    this.#websockets.on('connection', (socket, request) => {
      this.sockets.push(socket);
      this.offers.push(request.headers['sec-websocket-extensions'] ?? '');
      socket.send(encodeServerMessage([new ModelRoom().greeting()]));
    });
  }

  static async listen(scheme: Scheme): Promise<Port> {
    const http = scheme === 'wss' ? createSecure(identity) : createPlain();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new Port(http);
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.#websockets.close();
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, 'close');
  }
}

/** Dials, and tells what the first answer was: a login on its way to the port, or a loss. */
const dial = async (port: Port, options: Partial<MultiworldOptions> = {}) => {
  const lost = withResolvers<MultiworldEvent>();
  const client = openMultiworld({
    address: `127.0.0.1:${port.port}`,
    slotName: 'Ana',
    game: 'Game',
    itemsHandling: 7,
    onEvent: (event) => lost.resolve(event),
    ...options,
  });
  const reached = (async () => {
    while (port.sockets.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [text] = await once(port.sockets[0] as WebSocket, 'message');
    return String(text);
  })();
  const outcome = await Promise.race([reached, lost.promise]);
  return { client, outcome };
};

const withResolvers = <Value>() => {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};

describe('rooms behind TLS', () => {
  it('are joined when their certificate is trusted, found after plain was tried', async () => {
    await using port = await Port.listen('wss');
    const schemes = new Map<string, Scheme>();
    const { client, outcome } = await dial(port, { trust: [identity.cert], schemes });
    expect(outcome).toContain('"cmd":"Connect"');
    expect([...schemes]).toEqual([[`127.0.0.1:${port.port}`, 'wss']]);
    await client.close();
  });

  it('are not joined otherwise, and never without TLS instead', async () => {
    await using port = await Port.listen('wss');
    const { client, outcome } = await dial(port, { address: `wss://127.0.0.1:${port.port}` });
    expect(outcome).toMatchObject({ kind: 'lost', error: { code: 'server_unreachable' } });
    expect(String((outcome as { error: Error }).error.message)).toContain('self-signed certificate');
    expect(port.sockets).toHaveLength(0);
    await client.close();
  });

  it('keep their certificate error when plain is what comes second', async () => {
    await using port = await Port.listen('wss');
    const schemes = new Map<string, Scheme>([[`127.0.0.1:${port.port}`, 'wss']]);
    const { client, outcome } = await dial(port, { schemes });
    expect(String((outcome as { error: Error }).error.message)).toContain('self-signed certificate');
    await client.close();
  });
});

describe('rooms without TLS', () => {
  it('are found after TLS was tried', async () => {
    await using port = await Port.listen('ws');
    const schemes = new Map<string, Scheme>([[`127.0.0.1:${port.port}`, 'wss']]);
    const { client, outcome } = await dial(port, { schemes });
    expect(outcome).toContain('"cmd":"Connect"');
    expect([...schemes.values()]).toEqual(['ws']);
    await client.close();
  });

  it('are not joined when TLS was asked for', async () => {
    await using port = await Port.listen('ws');
    const { client, outcome } = await dial(port, { address: `wss://127.0.0.1:${port.port}` });
    expect(outcome).toMatchObject({ kind: 'lost', error: { code: 'server_unreachable' } });
    expect(port.sockets).toHaveLength(0);
    await client.close();
  });
});

describe('compression', () => {
  it('is agreed on with windows of 11 bits, and kept to', async () => {
    await using port = await Port.listen('ws');
    const { client } = await dial(port);
    const [socket] = port.sockets;
    expect(port.offers[0]).toBe('permessage-deflate; client_max_window_bits');
    expect(socket?.extensions).toContain('permessage-deflate');
    const room = new ModelRoom();
    const peer = {
      joined: false,
      subscriptions: new Set<string>(),
      send: (packets: Parameters<typeof encodeServerMessage>[0]) => socket?.send(encodeServerMessage(packets)),
    };
    room.handle(peer, { cmd: 'Connect' } as Parameters<ModelRoom['handle']>[1]);
    while (client.status !== 'joined') await new Promise((resolve) => setImmediate(resolve));
    // Repeats itself at a distance that only a window above 11 bits could reach back to.
    const noise = Array.from({ length: 900 }, (_, index) => ((index * 2_654_435_761) % 36 ** 6).toString(36)).join('');
    const received = once(socket as WebSocket, 'message');
    client.store('key', [{ operation: 'replace', value: noise.repeat(3) }]);
    expect(String((await received)[0])).toContain(noise);
    const answer = client.get(['key']);
    const [request] = await once(socket as WebSocket, 'message');
    const [get] = JSON.parse(String(request));
    socket?.send(JSON.stringify([{ ...get, cmd: 'Retrieved', keys: { key: noise.repeat(3) } }]));
    expect(await answer).toEqual({ key: noise.repeat(3) });
    await client.close();
  });
});
