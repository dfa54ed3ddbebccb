import { deserialize, serialize } from 'node:v8';
import { CausewayError } from '@causeway/protocol/errors';
import type { Machine, MemoryDomain, RomFacts } from './machine.js';

/** How a domain's bytes look before anything was written, by address `a` inside it. */
export type Fill =
  /** 0 */
  | { readonly kind: 'zero' }
  /** `a mod 256` */
  | { readonly kind: 'ramp' }
  /** `(73·a + 151·⌊a/256⌋ + 199·⌊a/65536⌋ + seed) mod 256` */
  | { readonly kind: 'mix'; readonly seed: number };

export interface MemoryMachineDomain {
  readonly name: string;
  readonly size: number;
  readonly writable?: boolean;
  readonly fill?: Fill;
}

/** Addresses `start` … `start + length - 1` of `domain` show `target` from `offset`. */
export interface MemoryWindow {
  readonly domain: string;
  readonly start: number;
  readonly length: number;
  readonly target: string;
  readonly offset: number;
}

export interface MemoryMachineOptions {
  readonly system: string;
  readonly rom: RomFacts;
  readonly domains: readonly MemoryMachineDomain[];
  readonly windows?: readonly MemoryWindow[];
  /** Initial bytes, written even where the domain is read-only. */
  readonly pokes?: readonly { readonly domain: string; readonly offset: number; readonly data: Uint8Array }[];
  readonly currentDomain: string;
  readonly core?: string;
}

const fillByte = (fill: Fill, a: number): number => {
  if (fill.kind === 'zero') return 0;
  if (fill.kind === 'ramp') return a & 0xff;
  return (73 * a + 151 * Math.floor(a / 0x100) + 199 * Math.floor(a / 0x10000) + fill.seed) % 0x100;
};

/** A domain that stores only the bytes that were written, so that a bus of 256 MiB costs nothing. */
class SparseDomain implements MemoryDomain {
  readonly name: string;
  readonly size: number;
  readonly writable: boolean;
  readonly #fill: Fill;
  readonly #windows: {
    readonly start: number;
    readonly end: number;
    readonly shift: number;
    readonly to: SparseDomain;
  }[] = [];
  written = new Map<number, number>();

  constructor(description: MemoryMachineDomain) {
    this.name = description.name;
    this.size = description.size;
    this.writable = description.writable ?? true;
    this.#fill = description.fill ?? { kind: 'zero' };
  }

  map(window: MemoryWindow, to: SparseDomain): void {
    this.#windows.push({
      start: window.start,
      end: window.start + window.length,
      shift: window.offset - window.start,
      to,
    });
  }

  peek(offset: number): number {
    for (const w of this.#windows) if (offset >= w.start && offset < w.end) return w.to.peek(offset + w.shift);
    return this.written.get(offset) ?? fillByte(this.#fill, offset);
  }

  poke(offset: number, value: number): void {
    for (const w of this.#windows) {
      if (offset < w.start || offset >= w.end) continue;
      if (w.to.writable) w.to.poke(offset + w.shift, value);
      return;
    }
    this.written.set(offset, value & 0xff);
  }
}

/** A machine that has memory and time but no program: for connectors, and for recordings of systems without a core here. */
export class MemoryMachine implements Machine {
  readonly system: string;
  readonly core: string;
  readonly board = 'NONE';
  readonly jammed = false;
  readonly rom: RomFacts;
  readonly currentDomain: string;
  readonly #domains: readonly SparseDomain[];
  readonly #options: MemoryMachineOptions;

  constructor(options: MemoryMachineOptions) {
    this.#options = options;
    this.system = options.system;
    this.core = options.core ?? 'MemoryMachine';
    this.rom = options.rom;
    this.currentDomain = options.currentDomain;
    this.#domains = options.domains.map((domain) => new SparseDomain(domain));
    for (const window of options.windows ?? []) this.#find(window.domain).map(window, this.#find(window.target));
    this.powerCycle();
  }

  get domains(): readonly MemoryDomain[] {
    return this.#domains;
  }

  advance(): undefined {}
  softReset(): void {}

  powerCycle(): void {
    for (const domain of this.#domains) domain.written.clear();
    for (const poke of this.#options.pokes ?? []) {
      const domain = this.#find(poke.domain);
      poke.data.forEach((byte, index) => {
        domain.poke(poke.offset + index, byte);
      });
    }
  }

  saveState(): Uint8Array {
    return serialize(this.#domains.map((domain) => domain.written));
  }

  loadState(state: Uint8Array): void {
    let written: unknown;
    try {
      written = deserialize(state);
    } catch (cause) {
      throw new CausewayError('file_unreadable', 'these bytes are no save state', { cause });
    }
    if (!Array.isArray(written) || written.length !== this.#domains.length || !written.every((m) => m instanceof Map)) {
      throw new CausewayError('file_unreadable', 'this save state is of another machine');
    }
    for (const [index, domain] of this.#domains.entries()) domain.written = written[index] as Map<number, number>;
  }

  setButton(): void {}
  picture(): undefined {}
  batteryRam(): undefined {}
  loadBatteryRam(): void {}

  registers(): ReadonlyMap<string, number> {
    return new Map();
  }

  #find(name: string): SparseDomain {
    const domain = this.#domains.find((candidate) => candidate.name === name);
    if (domain === undefined) throw new CausewayError('domain_unknown', `the machine has no domain ${name}`);
    return domain;
  }
}
