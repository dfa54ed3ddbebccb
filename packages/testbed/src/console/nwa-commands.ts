import { type NwaCommand, type NwaReply, nwaError, nwaText, parseCoreRanges } from '@causeway/protocol/nwa';
import type { FaultSwitches } from './faults.js';
import type { SnesConsole } from './snes-console.js';
import type { SnesMemory } from './snes-memory.js';

const NAME = 'causeway-testbed';
const VERSION = '1';
const CORE = { platform: 'SNES', name: NAME, version: VERSION, file: '' } as const;
const MEMORIES: Readonly<Record<string, keyof SnesMemory>> = { CARTROM: 'rom', SRAM: 'sram', WRAM: 'wram' };

interface Range {
  readonly offset: number;
  readonly size: number;
}

/** What an NWA emulator answers. */
export class NwaCommands {
  readonly #console: SnesConsole;
  readonly #faults: FaultSwitches;
  readonly #table: Readonly<Record<string, (command: NwaCommand) => NwaReply>> = {
    EMULATOR_INFO: () =>
      nwaText({ name: NAME, version: VERSION, nwa_version: '1.0', id: '0', commands: this.#names().join(',') }),
    MY_NAME_IS: ({ args }) => nwaText({ name: args[0] ?? '' }),
    EMULATION_STATUS: () => this.#status(),
    EMULATION_PAUSE: () => this.#press(() => this.#console.pause()),
    EMULATION_RESUME: () => this.#press(() => this.#console.resume()),
    EMULATION_RESET: () => this.#press(() => this.#console.reset()),
    GAME_INFO: () => this.#game(),
    CORES_LIST: () => nwaText(CORE),
    CORE_INFO: () => nwaText(CORE),
    CORE_CURRENT_INFO: () => nwaText(CORE),
    CORE_RESET: () => this.#press(() => this.#console.reset()),
    CORE_MEMORIES: () => this.#memories(),
    CORE_READ: (command) => this.#read(command),
    CORE_WRITE: (command) => this.#write(command),
  };

  constructor(console: SnesConsole, faults: FaultSwitches) {
    this.#console = console;
    this.#faults = faults;
  }

  answer(command: NwaCommand): NwaReply {
    const handle = Object.hasOwn(this.#table, command.name) ? this.#table[command.name] : undefined;
    return handle ? handle(command) : nwaError('invalid_command', `${command.name} is unknown`);
  }

  #names(): readonly string[] {
    return Object.keys(this.#table).map((name) => (name === 'CORE_WRITE' ? `b${name}` : name));
  }

  #status(): NwaReply {
    const { cartridge, paused } = this.#console;
    if (!cartridge) return nwaText({ state: 'no_game' });
    return nwaText({ state: paused ? 'paused' : 'running', game: cartridge.name });
  }

  #game(): NwaReply {
    const { cartridge } = this.#console;
    if (!cartridge) return nwaError('command_error', 'no game is loaded');
    return nwaText({ name: cartridge.name, file: `${cartridge.name}.sfc`, region: 'NTSC', type: 'SNES' });
  }

  #press(action: () => void): NwaReply {
    if (!this.#console.cartridge) return nwaError('command_error', 'no game is loaded');
    action();
    return nwaText();
  }

  #memories(): NwaReply {
    const { memory } = this.#console;
    return nwaText(
      ...Object.entries(MEMORIES).map(([name, area]) => ({ name, access: 'rw', size: memory[area].length })),
    );
  }

  /** The ranges as they are meant, cut at the end of the memory. */
  #ranges(command: NwaCommand): { readonly memory: Uint8Array; readonly ranges: readonly Range[] } | undefined {
    const asked = parseCoreRanges(command);
    const area = asked && Object.hasOwn(MEMORIES, asked.memory) ? MEMORIES[asked.memory] : undefined;
    if (!asked || !area) return undefined;
    const memory = this.#console.memory[area];
    const ranges = asked.ranges.length > 0 ? asked.ranges : [{ offset: 0 }];
    const meant = ranges.map(({ offset, size = command.block?.length ?? memory.length }) => ({
      offset,
      size: Math.max(0, Math.min(size, memory.length - offset)),
    }));
    return { memory, ranges: meant };
  }

  #read(command: NwaCommand): NwaReply {
    const found = this.#ranges(command);
    if (!found) return nwaError('invalid_argument', 'no such memory or range');
    if (this.#faults.strikes('nwa-error-text', 40)) return nwaError('command_error', 'the core is busy');
    const { memory, ranges } = found;
    const served = this.#faults.has('nwa-first-range-only') ? ranges.slice(0, 1) : ranges;
    const data = Buffer.concat(served.map(({ offset, size }) => memory.subarray(offset, offset + size)));
    const short = this.#faults.strikes('nwa-short-reads', 40) ? Math.ceil((served.at(-1)?.size ?? 0) / 2) : 0;
    return { kind: 'binary', data: data.subarray(0, data.length - short) };
  }

  #write(command: NwaCommand): NwaReply {
    const found = this.#ranges(command);
    const { block } = command;
    if (!found || !block) return nwaError('invalid_argument', 'no such memory, or no data');
    const { memory, ranges } = found;
    if (ranges.reduce((sum, { size }) => sum + size, 0) !== block.length)
      return nwaError('invalid_argument', 'the sizes do not add up to the data');
    let taken = 0;
    for (const { offset, size } of ranges) {
      memory.set(block.subarray(taken, taken + size), offset);
      taken += size;
    }
    return nwaText();
  }
}
