import { systemClock } from '@causeway/bridge';
import {
  type CloseInfo,
  createLinkedDevice,
  type Device,
  type DomainInfo,
  type MemoryLink,
  type MemoryWrite,
  type Region,
} from '@causeway/bridge/device';

const WRAM_SIZE = 0x2_0000;

export interface MemoryConsoleOptions {
  readonly romSize?: number;
  readonly sramSize?: number;
  readonly uri?: string;
  readonly system?: string;
  readonly extra?: readonly DomainInfo[];
}

/** A console whose memory is arrays: what is served must be what stands in them. */
export class MemoryConsole implements MemoryLink {
  readonly memory: ReadonlyMap<string, Uint8Array>;
  readonly device: Device;
  readonly lost: Promise<CloseInfo>;
  /** What the device was asked, one entry for each exchange. */
  readonly exchanges: (readonly Region[] | readonly MemoryWrite[])[] = [];
  /** Awaited before each exchange. */
  gate: Promise<void> = Promise.resolve();
  /** Thrown by the next exchange that touches this place. */
  broken: { readonly domain: string; readonly offset: number; readonly error: Error } | undefined;
  #lose: (info: CloseInfo) => void = () => {};

  constructor({
    romSize = 0x1_0000,
    sramSize = 0x2000,
    uri = 'test://console',
    system = 'SNES',
    extra = [],
  }: MemoryConsoleOptions = {}) {
    const sized: readonly DomainInfo[] = [
      { name: 'WRAM', size: WRAM_SIZE },
      { name: 'SRAM', size: sramSize },
      { name: 'ROM', size: romSize, writable: false },
      ...extra,
    ];
    const domains = sized.filter(({ size }) => size > 0);
    this.memory = new Map(domains.map(({ name, size }, seed) => [name, noise(size, seed + 1)]));
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    const rom = { system, title: 'TEST GAME' };
    const info = {
      driver: 'test',
      uri,
      system,
      rom,
      domains,
      capabilities: new Set<never>(),
      peer: 'Test 1.0',
    };
    this.device = createLinkedDevice({ info, link: this, clock: systemClock });
  }

  async read(regions: readonly Region[]) {
    await this.#exchange(regions, regions);
    const bytes = regions.map(({ domain, offset, size }) => this.#of(domain).slice(offset, offset + size));
    return { bytes, oneFrame: true };
  }

  async write(writes: readonly MemoryWrite[]): Promise<void> {
    await this.#exchange(
      writes,
      writes.map(({ at, data }) => ({ ...at, size: data.length })),
    );
    for (const { at, data } of writes) this.#of(at.domain).set(data, at.offset);
  }

  rom() {
    return Promise.resolve(this.device.info.rom);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  lose(info: CloseInfo): void {
    this.#lose(info);
  }

  async #exchange(asked: readonly Region[] | readonly MemoryWrite[], regions: readonly Region[]): Promise<void> {
    this.exchanges.push(asked);
    await this.gate;
    const { broken } = this;
    const hit = regions.some(
      ({ domain, offset, size }) =>
        broken?.domain === domain && offset <= broken.offset && broken.offset < offset + size,
    );
    if (broken && hit) throw broken.error;
  }

  #of(domain: string): Uint8Array {
    return this.memory.get(domain) ?? new Uint8Array();
  }
}

/** Bytes in no order, without zeros, the same each time. */
const noise = (size: number, seed: number): Uint8Array => {
  let state = seed * 0x9e37_79b9;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24 || 1;
  });
};
