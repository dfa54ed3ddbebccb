import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { isJson, machine, type Turn } from './conversation.js';

type Request = { readonly type?: string; readonly domain?: string };

/** What the reference says of itself and of the size of domains, for questions that our client asks on its own account. */
const ownAnswer = ({ type, domain }: Request): object => {
  const fallback = machine.domains.find(({ name }) => name === machine.currentDomain);
  const size = (machine.domains.find(({ name }) => name === domain) ?? fallback)?.size;
  switch (type) {
    case 'PING':
      return { type: 'PONG' };
    case 'SYSTEM':
      return { type: 'SYSTEM_RESPONSE', value: machine.system };
    case 'HASH':
      return { type: 'HASH_RESPONSE', value: machine.romHash };
    case 'MEMORY_SIZE':
      return { type: 'MEMORY_SIZE_RESPONSE', value: size };
    // Contents of the fallback, whatever it is asked as: no name but an unknown one is compared in these recordings.
    case 'READ':
      return { type: 'READ_RESPONSE', value: 'AAAA' };
    default:
      return { type: 'ERROR', err: `Unknown command: ${type}` };
  }
};

/**
 * A connector that answers as recorded, and notes every line that differs from the recorded one.
 *
 * Until `play`, and for questions about the machine that a client may ask at any time, it answers as the recorded machine.
 */
export class RecordedConnector implements AsyncDisposable {
  readonly port: number;
  /** Lines that were not the next recorded one. */
  readonly surprises: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #turns: Turn[] = [];
  #playing = false;

  static async start(turns: readonly Turn[]): Promise<RecordedConnector> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RecordedConnector(server, turns);
  }

  private constructor(server: Server, turns: readonly Turn[]) {
    this.#server = server;
    this.#turns = [...turns];
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** Turns that did not come yet. */
  get remaining(): number {
    return this.#turns.length;
  }

  play(): void {
    this.#playing = true;
  }

  /** Passes over the next turn: our client does not send such a line. */
  skip(): void {
    this.#turns.shift();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    let rest = '';
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const answer = this.#answer(line);
        if (answer !== undefined) socket.write(`${answer}\n`);
      }
    });
  }

  #answer(line: string): string | undefined {
    if (line === 'VERSION') return '1';
    const requests = JSON.parse(line) as Request[];
    const [next] = this.#turns;
    if (this.#playing && next && isJson(next.line) && isDeepStrictEqual(requests, JSON.parse(next.line))) {
      this.#turns.shift();
      return next.answer;
    }
    const asksOnItsOwn = requests.every(({ type, domain }) => type === 'MEMORY_SIZE' || domain?.startsWith('causeway'));
    const compares = requests.some(({ domain }) => domain?.startsWith('causeway'));
    if (this.#playing && !asksOnItsOwn && !compares) this.surprises.push(line);
    return JSON.stringify(requests.map(ownAnswer));
  }
}
