import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { CommFrameDecoder, type CommPoll, decodeCommPoll, encodeCommFrame } from '@causeway/protocol/connector';
import { MemoryMachine, startEmulator } from '@causeway/testbed/emulator';
import { describe, expect, it } from 'vitest';

const machine = (): MemoryMachine =>
  new MemoryMachine({
    system: 'NES',
    rom: { name: 'rig', hash: 'FEED' },
    domains: [{ name: 'RAM', size: 16, fill: { kind: 'ramp' } }],
    currentDomain: 'RAM',
  });

/** A bridge that answers every poll with what `next` gives it, or not at all. */
class PlainBridge implements AsyncDisposable {
  readonly polls: CommPoll[] = [];
  connections = 0;
  next: (poll: CommPoll) => string | undefined = () => '[]';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      const frames = new CommFrameDecoder();
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        for (const text of frames.push(chunk)) this.#answer(socket, decodeCommPoll(text));
      });
    });
  }

  static async listen(): Promise<PlainBridge> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PlainBridge(server);
  }

  get address(): { readonly kind: 'comm'; readonly host: string; readonly port: number } {
    return { kind: 'comm', host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  /** Waits for the first poll that `wanted` likes. */
  async poll(wanted: (poll: CommPoll) => boolean): Promise<CommPoll> {
    await expect.poll(() => this.polls.some(wanted), { timeout: 8_000 }).toBe(true);
    return this.polls.find(wanted) as CommPoll;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // An orderly end would hang EmuHawk while it waits for an answer.
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(socket: Socket, poll: CommPoll): void {
    this.polls.push(poll);
    const text = this.next(poll);
    if (text !== undefined) socket.write(encodeCommFrame(text));
  }
}

describe("the connector on the emulator's own socket", () => {
  it('says who it is, carries batches out and brings their answers', async () => {
    await using bridge = await PlainBridge.listen();
    bridge.next = ({ seq }) =>
      seq === 3 ? '[{"type":"READ","address":2,"size":3,"domain":"RAM"},{"type":"PING"}]' : '[]';
    const env = { CAUSEWAY_TOKEN: 'sesame' };
    await using _emulator = await startEmulator({ rom: machine(), transport: bridge.address, env });
    const poll = await bridge.poll(({ answer }) => answer !== null);
    expect(poll).toMatchObject({ causeway: 1, seq: 4, system: 'NES', hash: 'FEED', token: 'sesame', answers: 3 });
    expect(poll.answer).toEqual([{ type: 'READ_RESPONSE', value: 'AgME' }, { type: 'PONG' }]);
  });

  it('goes on when the bridge was too slow once, on a new connection', async () => {
    await using bridge = await PlainBridge.listen();
    bridge.next = ({ seq }) => (seq === 2 ? undefined : '[]');
    await using _emulator = await startEmulator({ rom: machine(), transport: bridge.address });
    await bridge.poll(({ seq }) => seq === 5);
    expect(bridge.connections).toBe(2);
  });

  it('falls silent after BYE, and the game runs on', async () => {
    await using bridge = await PlainBridge.listen();
    bridge.next = ({ seq }) => (seq === 2 ? 'BYE' : '[]');
    await using emulator = await startEmulator({ rom: machine(), transport: bridge.address });
    await bridge.poll(({ seq }) => seq === 2);
    const { frame } = emulator;
    await expect.poll(() => emulator.frame).toBeGreaterThan(frame + 10);
    expect(bridge.polls).toHaveLength(2);
  });

  it('is chosen by CAUSEWAY_TRANSPORT although there is LuaSocket', async () => {
    const printed: string[] = [];
    await using emulator = await startEmulator({
      rom: machine(),
      port: 0,
      env: { CAUSEWAY_TRANSPORT: 'comm' },
      onPrint: (text) => printed.push(text),
    });
    await expect.poll(() => printed.join()).toContain('--socket_port');
    expect(emulator.port).toBeUndefined();
  });
});
