import { crc32 } from 'node:zlib';
import { encodeReply, type HotKey, parseCommand, type RetroArchReply } from '@causeway/protocol/retroarch';

import { retroarchBlock } from './retroarch-map.js';
import { writtenBytes } from './retroarch-write.js';
import type { ConsoleState, SnesConsole } from './snes-console.js';

/** The version and the core that the door pretends to be. */
export const RETROARCH_VERSION = '1.14.0';
export const RETROARCH_CORE = 'bsnes-mercury';
/** The largest datagram there is; RetroArch loses replies that are larger. */
const MAX_DATAGRAM = 65_507;
/** More than any machine has to give: RetroArch dies of it. A negative count is as large. */
const DEADLY_COUNT = 0x1000_0000;

const CONFIG: Readonly<Record<string, string>> = {
  video_fullscreen: 'false',
  savefile_directory: '/saves',
  savestate_directory: '/states',
  runtime_log_directory: '/logs',
  log_dir: '/logs',
  cache_directory: '/cache',
  system_directory: '/system',
  netplay_nickname: '',
};

export interface RetroArchHost {
  readonly console: SnesConsole;
  /** RetroArch is dead: what it does after some commands. */
  readonly crash: () => void;
  /** What `QUIT` does. */
  readonly quit: () => void;
  readonly message: (text: string) => void;
  readonly toggleFastForward: () => void;
}

/** What RetroArch makes of the commands it gets. One state for all clients: nothing tells them apart. */
export class RetroArchCommands {
  readonly #host: RetroArchHost;
  #state: ConsoleState | undefined;

  constructor(host: RetroArchHost) {
    this.#host = host;
  }

  /** The reply to one line, as a datagram; nothing where RetroArch says nothing. */
  answer(line: string): string | undefined {
    const [word, ...words] = line.split(' ');
    const reply =
      word === 'READ_CORE_MEMORY'
        ? this.#read(words)
        : word === 'WRITE_CORE_MEMORY'
          ? this.#write(line)
          : this.#other(line);
    const datagram = reply && encodeReply(reply);
    return datagram === undefined || datagram.length > MAX_DATAGRAM ? undefined : datagram;
  }

  #other(line: string): RetroArchReply | undefined {
    const command = parseCommand(line);
    switch (command?.kind) {
      case 'version':
        return { kind: 'version', version: RETROARCH_VERSION };
      case 'status':
        return { kind: 'status', status: this.#status() };
      case 'config': {
        const value = (Object.hasOwn(CONFIG, command.name) ? CONFIG[command.name] : undefined) ?? 'unsupported';
        return { kind: 'config', name: command.name, value };
      }
      case 'message':
        this.#host.message(command.text);
        return undefined;
      case 'key':
        this.#keys[command.key]();
        return undefined;
      default:
        return undefined;
    }
  }

  #status() {
    const { cartridge, paused } = this.#host.console;
    if (!cartridge) return { state: 'contentless' } as const;
    const { name: content, rom } = cartridge;
    return { state: paused ? 'paused' : 'playing', system: RETROARCH_CORE, content, crc32: crc32(rom) } as const;
  }

  #read([first = '', count = '']: readonly string[]): RetroArchReply | undefined {
    const size = Number.parseInt(count, 10);
    if (!/^[0-9a-f]{1,8}$/i.test(first) || Number.isNaN(size)) return undefined;
    if (size < 0 || size >= DEADLY_COUNT) {
      this.#host.crash();
      return undefined;
    }
    const address = Number.parseInt(first, 16);
    const block = retroarchBlock(this.#host.console, address);
    if (typeof block === 'string') return { kind: 'refused', of: 'read', address, reason: block };
    const { area, offset, end } = block;
    const data = this.#host.console.memory[area].slice(offset, Math.min(offset + size, end));
    return { kind: 'read', address, data };
  }

  #write(line: string): RetroArchReply | undefined {
    const [, first, text] = /^WRITE_CORE_MEMORY ([0-9a-f]{1,8})(?: (.*))?$/is.exec(line) ?? [];
    if (first === undefined || text === undefined) return undefined;
    const address = Number.parseInt(first, 16);
    const refused = (reason: string) => ({ kind: 'refused', of: 'write', address, reason }) as const;
    const block = retroarchBlock(this.#host.console, address);
    if (typeof block === 'string') return refused(block);
    if (block.area === 'rom') return refused('descriptor data is readonly');
    const data = writtenBytes(text, block.end - block.offset);
    this.#host.console.memory[block.area].set(data, block.offset);
    return { kind: 'written', address, count: data.length };
  }

  readonly #keys: Readonly<Record<HotKey, () => void>> = {
    RESET: () => this.#host.console.reset(),
    PAUSE_TOGGLE: () => (this.#host.console.paused ? this.#host.console.resume() : this.#host.console.pause()),
    FRAMEADVANCE: () => {
      this.#host.console.pause();
      this.#host.console.advance();
    },
    FAST_FORWARD: () => this.#host.toggleFastForward(),
    SAVE_STATE: () => {
      this.#state = this.#host.console.saveState();
    },
    LOAD_STATE: () => {
      const { console } = this.#host;
      if (this.#state && this.#state.cartridge === console.cartridge) console.loadState(this.#state);
    },
    QUIT: () => this.#host.quit(),
  };
}
