import {
  encodeNwaReply,
  type NwaCommand,
  NwaCommandDecoder,
  type NwaReply,
  nwaError,
  nwaText,
  parseCoreRanges,
} from '@causeway/protocol/nwa';
import type { ByteSocketFactory, ByteSocketHandlers } from '../byte-socket.js';

const ACCESS: Readonly<Record<string, string>> = { CARTROM: 'r' };

/** A small working NWA emulator, one per port, reached through sockets that never leave the process. */
export class FakeNwa {
  readonly memories = new Map<string, Uint8Array>([
    ['CARTROM', new Uint8Array(0x10000)],
    ['SRAM', new Uint8Array(0x2000)],
    ['WRAM', new Uint8Array(0x20000)],
  ]);
  platform = 'snes';
  state = 'running';
  game = 'Testgame';
  commands = 'CORE_READ,bCORE_WRITE,CORE_MEMORIES,GAME_INFO';
  /** Every command it got, in order. */
  readonly got: NwaCommand[] = [];
  /** Answers in place of the emulator's own; `undefined` for its own. */
  answer: (command: NwaCommand) => NwaReply | 'silence' | Uint8Array | undefined = () => undefined;
  /** What happens when somebody connects. */
  door: 'open' | 'refuse' | 'hang-up' | 'mute' = 'open';
  /** Whether answers wait for {@link release}. */
  holding = false;
  clients = 0;
  /** Whether anything came behind data before that data was answered: what overruns the reference server. */
  overrun = false;
  #hangUp: (() => void)[] = [];
  readonly #held: (() => void)[] = [];

  /** Reaches this emulator at `port`, and nothing anywhere else. */
  at(port: number): ByteSocketFactory {
    return (endpoint, handlers) => this.#connect(endpoint.port === port ? this.door : 'refuse', handlers);
  }

  /** Lets the answers go that were held back. */
  release(): void {
    this.holding = false;
    for (const answer of this.#held.splice(0)) answer();
  }

  /** Ends every connection. */
  die(): void {
    for (const hangUp of this.#hangUp.splice(0)) hangUp();
  }

  #connect(door: FakeNwa['door'], handlers: ByteSocketHandlers) {
    const decoder = new NwaCommandDecoder();
    let closed = false;
    const close = (problem?: string): void => {
      if (closed) return;
      closed = true;
      if (door !== 'refuse') this.clients--;
      queueMicrotask(() => handlers.close(problem));
    };
    if (door !== 'refuse') this.clients++;
    this.#hangUp.push(() => close());
    queueMicrotask(() => {
      if (door === 'refuse') close('connect ECONNREFUSED');
      else if (!closed) handlers.open();
      if (door === 'hang-up') close();
    });
    let unanswered = 0;
    const take = (bytes: Uint8Array): void => {
      if (closed || door !== 'open') return;
      if (unanswered > 0) this.overrun = true;
      for (const command of decoder.push(bytes)) {
        this.got.push(command);
        const reply = this.answer(command) ?? this.#reply(command);
        if (reply === 'silence') continue;
        if (command.block) unanswered++;
        const answer = (): void => {
          if (command.block) unanswered--;
          if (!closed) handlers.bytes(reply instanceof Uint8Array ? reply : encodeNwaReply(reply));
        };
        if (this.holding) this.#held.push(answer);
        else queueMicrotask(answer);
      }
    };
    return {
      send: (bytes: Uint8Array) => queueMicrotask(() => take(bytes)),
      end: () => close(),
      destroy: () => close(),
    };
  }

  #reply(command: NwaCommand): NwaReply {
    switch (command.name) {
      case 'EMULATOR_INFO':
        return nwaText({ name: 'Fake', version: '1', nwa_version: '1.0', id: 'f', commands: this.commands });
      case 'MY_NAME_IS':
        return nwaText({ name: command.args[0] ?? '' });
      case 'EMULATION_STATUS':
        return nwaText({ state: this.state, game: this.game });
      case 'EMULATION_PAUSE':
      case 'EMULATION_RESUME':
        this.state = command.name === 'EMULATION_PAUSE' ? 'paused' : 'running';
        return nwaText();
      case 'CORE_CURRENT_INFO':
        return nwaText({ platform: this.platform, name: 'core', version: '1' });
      case 'GAME_INFO':
        return nwaText({ name: this.game, file: '/x.sfc', region: '', type: '' });
      case 'CORE_MEMORIES':
        return nwaText(
          ...[...this.memories].map(([name, { length }]) => ({ name, access: ACCESS[name] ?? 'rw', size: length })),
        );
      case 'CORE_READ':
        return this.#read(command);
      case 'CORE_WRITE':
        return this.#write(command);
      default:
        return nwaError('invalid_command', command.name);
    }
  }

  #read(command: NwaCommand): NwaReply {
    const asked = parseCoreRanges(command);
    const memory = this.memories.get(asked?.memory ?? '');
    if (!asked || !memory) return nwaError('invalid_argument', 'no such memory');
    const pieces = asked.ranges.map(({ offset, size = memory.length }) => [...memory.subarray(offset, offset + size)]);
    return { kind: 'binary', data: Uint8Array.from(pieces.flat()) };
  }

  #write(command: NwaCommand): NwaReply {
    const asked = parseCoreRanges(command);
    const memory = this.memories.get(asked?.memory ?? '');
    const [range] = asked?.ranges ?? [];
    if (!memory || !range || !command.block) return nwaError('invalid_argument', 'no such memory');
    memory.set(command.block, range.offset);
    return nwaText();
  }
}
