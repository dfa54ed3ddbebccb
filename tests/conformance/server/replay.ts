import { once } from 'node:events';
import { VirtualClock } from '@causeway/bridge/testing';
import { type MultiworldServer, type RoomDefinition, readRoom, startServer } from '@causeway/testbed/server';
import { WebSocket } from 'ws';
import { type RecordedEvent, type Recording, roomText } from './recording.js';
import { roomFromLogin } from './room-from-login.js';

/** What came out of one connection: its messages in order and how it ended. */
export interface Outcome {
  readonly messages: readonly string[];
  readonly close: string | undefined;
}

/** Outcomes by connection label. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** What the recording says came out. */
export const recordedOutcomes = ({ events }: Recording): Outcomes => {
  const outcomes = new Map<string, { messages: string[]; close: string | undefined }>();
  for (const event of events) {
    if (event.ev === 'open') outcomes.set(event.conn, { messages: [], close: undefined });
    if (event.ev === 's2c') outcomes.get(event.conn)!.messages.push(event.text!);
    if (event.ev === 'close') outcomes.get(event.conn)!.close = `${event.by} ${event.code}`;
  }
  return outcomes;
};

class Line {
  readonly messages: string[] = [];
  closedBy: 'client' | 'server' = 'server';
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  code: number | undefined;

  constructor(url: string, compressed: boolean) {
    this.socket = new WebSocket(url, { perMessageDeflate: compressed });
    this.socket.on('message', (data) => this.messages.push(data.toString()));
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code) => {
        this.code = code;
        resolve(code);
      });
    });
  }

  /**
   * Waits until the server has handled everything sent so far and we have everything it sent: a pong cannot overtake
   * messages, in neither direction.
   */
  async settle(): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await Promise.race([pong, this.closed]);
  }
}

/** Options of the recorded command line in our words. */
const optionsFrom = (serverArgs: readonly string[]) => {
  const value = (name: string): string | undefined => {
    const at = serverArgs.indexOf(`--${name}`);
    return at < 0 ? undefined : serverArgs[at + 1];
  };
  const hintCost = value('hint_cost');
  return {
    password: value('password'),
    serverPassword: value('server_password'),
    options: hintCost === undefined ? {} : { hintCost: Number(hintCost) },
  };
};

const roomOf = (recording: Recording): RoomDefinition =>
  recording.room === 'bridge' ? roomFromLogin(recording) : readRoom(roomText(recording.room));

/** Plays the clients' part of a recording against our server. */
export const replay = async (recording: Recording): Promise<Outcomes> => {
  const clock = new VirtualClock();
  await using server = await startServer({ room: roomOf(recording), clock, ...optionsFrom(recording.serverArgs) });
  const player = new Player(server, clock, recording);
  return await player.play();
};

class Player {
  readonly #server: MultiworldServer;
  readonly #clock: VirtualClock;
  readonly #recording: Recording;
  readonly #fresh: string;
  readonly #lines = new Map<string, Line>();

  constructor(server: MultiworldServer, clock: VirtualClock, recording: Recording) {
    this.#server = server;
    this.#clock = clock;
    this.#recording = recording;
    this.#fresh = server.save();
  }

  async play(): Promise<Outcomes> {
    for (const event of this.#recording.events) await this.#step(event);
    await this.#settleAll();
    return new Map(
      [...this.#lines].map(([label, { messages, code, closedBy }]) => [
        label,
        { messages, close: code === undefined ? undefined : `${closedBy} ${code}` },
      ]),
    );
  }

  async #step(event: RecordedEvent): Promise<void> {
    switch (event.ev) {
      case 'open':
        return await this.#open(event.conn);
      case 'c2s':
        return await this.#send(event);
      case 'note':
        this.#server.console(event.text!.replace('server console: ', ''));
        return await this.#settleAll();
      case 'close':
        return await this.#close(event);
      case 's2c':
        return;
    }
  }

  async #open(label: string): Promise<void> {
    const line = new Line(this.#server.url, this.#recording.name !== 'handshake-uncompressed');
    this.#lines.set(label, line);
    await once(line.socket, 'open');
    await this.#settleAll();
  }

  async #send({ conn, text, base64 }: RecordedEvent): Promise<void> {
    const line = this.#lines.get(conn)!;
    if (base64 === undefined) line.socket.send(text!);
    else line.socket.send(Buffer.from(base64, 'base64'));
    await line.settle();
    if (text?.includes('!countdown 2')) this.#clock.pass(2000);
    await this.#settleAll();
  }

  async #close({ conn, by, code }: RecordedEvent): Promise<void> {
    const line = this.#lines.get(conn)!;
    if (by === 'client') {
      line.closedBy = 'client';
      line.socket.close(1000);
    } else if (code === 1001 && line.code === undefined) {
      // The recorded server was stopped and a fresh one started; after `/exit` there is nothing left to restart.
      await this.#server.restart({ save: this.#fresh });
    }
    await line.closed;
    await this.#settleAll();
  }

  async #settleAll(): Promise<void> {
    for (const line of this.#lines.values()) await line.settle();
  }
}
