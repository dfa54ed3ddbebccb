import type { Clock } from '@causeway/bridge';
import {
  type CloseInfo,
  coalesce,
  type MemoryLink,
  type MemoryRead,
  type MemoryWrite,
  type Region,
  type RomIdentity,
} from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { AddressRange } from '@causeway/protocol/usb2snes';
import { ROM_AREA, SRAM_AREA, WRAM_AREA } from './memory-areas.js';
import type { MemoryReach } from './memory-reach.js';
import type { PeerRules } from './peer-quirks.js';
import { isGone, markOf, type RomMark } from './rom-mark.js';
import type { Usb2SnesConnection } from './usb2snes-connection.js';

export interface Usb2SnesLinkOptions {
  readonly connection: Usb2SnesConnection;
  readonly rules: PeerRules;
  readonly rom: RomIdentity;
  readonly mark: RomMark;
  /** What has been found to be there; told of every answer, and of a server that closes instead. */
  readonly reach: MemoryReach;
  readonly clock: Clock;
  /** How often is looked whether the ROM is still the same, where that is not part of every read. Milliseconds. */
  readonly identityMs: number;
}

/** A few bytes more cost less than a request: through QUsb2Snes each takes a frame of RetroArch. */
const GAP_BYTES = 64;
/** Writes sent before the server is asked whether it keeps up. */
const WRITES_PER_BARRIER = 16;

const AREAS = new Map([ROM_AREA, SRAM_AREA, WRAM_AREA].map((area) => [area.domain, area]));

/** One console behind a usb2snes server. */
export class Usb2SnesLink implements MemoryLink {
  readonly lost: Promise<CloseInfo>;
  readonly #options: Usb2SnesLinkOptions;
  #checkedAt: number;
  #blamed = false;
  #resolveLost: (info: CloseInfo) => void = () => {};

  constructor(options: Usb2SnesLinkOptions) {
    this.#options = options;
    this.#checkedAt = options.clock.now();
    if (options.mark.region) options.reach.answered(options.mark.region);
    this.lost = new Promise((resolve) => {
      this.#resolveLost = resolve;
    });
    void options.connection.ended.then(({ error }) => {
      if (!error) return;
      this.#resolveLost({ reason: error.code.startsWith('protocol_') ? 'protocol' : 'lost', error });
    });
  }

  async read(regions: readonly Region[], signal: AbortSignal): Promise<MemoryRead> {
    const { rules, mark } = this.#options;
    const { runs, cut } = coalesce(regions, { gap: GAP_BYTES, maxSize: rules.readSize });
    // The ROM behind the bytes it vouches for: what came before a change of ROM is of the ROM that was.
    const requests = requestsOf(mark.region ? [...runs, mark.region] : runs, rules);
    const asked = Promise.all(requests.map((request) => this.#fetch(request, signal)));
    const [answers] = await Promise.all([asked, mark.region ? undefined : this.#checkRomWhenDue(signal)]);
    const bytes = answers.flat();
    const marked = bytes[runs.length];
    if (marked) this.#judgeRom(markOf(marked));
    return { bytes: cut(bytes), oneFrame: false };
  }

  async write(writes: readonly MemoryWrite[], signal: AbortSignal): Promise<void> {
    // Each time: a write into another game does harm that a read does not.
    await this.#checkRom(signal);
    const pieces = writes.flatMap((write) => piecesOf(write, this.#options.rules));
    for (let first = 0; first < pieces.length; first += WRITES_PER_BARRIER) {
      signal.throwIfAborted();
      const some = pieces.slice(first, first + WRITES_PER_BARRIER);
      for (const { address, data } of some) this.#options.connection.write(address, data);
      const last = some.at(-1);
      // No server says that it wrote. All handle one client's requests in order, so an answer to a later one says it.
      if (last) await this.#options.connection.read([{ address: last.address, size: 1 }], signal);
    }
  }

  async rom(signal: AbortSignal): Promise<RomIdentity> {
    await this.#checkRom(signal);
    return this.#options.rom;
  }

  close(): Promise<void> {
    return this.#options.connection.close();
  }

  async #fetch(regions: readonly Region[], signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const { connection, reach } = this.#options;
    const bytes = await connection.read(regions.map(rangeOf), signal).catch((error: unknown) => {
      this.#blame(regions, error);
      throw error;
    });
    let place = 0;
    return regions.map((region) => {
      reach.answered(region);
      place += region.size;
      return bytes.subarray(place - region.size, place);
    });
  }

  /** Questions fail in the order they were asked, and the server closed on the first of them. */
  #blame(regions: readonly Region[], error: unknown): void {
    if (this.#blamed || !CausewayError.is(error) || error.code !== 'device_lost') return;
    this.#blamed = true;
    this.#options.reach.closedOn(regions);
  }

  async #checkRomWhenDue(signal: AbortSignal): Promise<void> {
    const { clock, identityMs } = this.#options;
    if (clock.now() - this.#checkedAt >= identityMs) await this.#checkRom(signal);
  }

  /** No server tells of another game; and SNI goes on with the memory map of the old one until somebody attaches anew. */
  async #checkRom(signal: AbortSignal): Promise<void> {
    const { clock, connection, mark } = this.#options;
    this.#checkedAt = clock.now();
    this.#judgeRom(await mark.find(connection, signal));
  }

  #judgeRom(found: string): void {
    const { connection, mark, rom } = this.#options;
    if (found === mark.expected) return;
    const gone = isGone(found);
    const message = gone ? 'The game was closed.' : 'Another ROM was loaded.';
    const error = new CausewayError('device_lost', message, { context: { before: rom.title } });
    this.#resolveLost({ reason: gone ? 'lost' : 'rom_changed', error });
    connection.fail(error);
    throw error;
  }
}

const addressOf = (domain: string, offset: number): number => {
  const area = AREAS.get(domain);
  if (!area) throw new CausewayError('domain_unknown', `usb2snes shows no ${domain}.`);
  return area.start + offset;
};

const rangeOf = ({ domain, offset, size }: Region): AddressRange => ({ address: addressOf(domain, offset), size });

/** Regions as they share requests, in order. */
const requestsOf = (
  regions: readonly Region[],
  { rangesPerRequest, sharedRangeSize }: PeerRules,
): readonly (readonly Region[])[] => {
  const shares = ({ size }: Region): boolean => size <= sharedRangeSize;
  const requests: Region[][] = [];
  for (const region of regions) {
    const last = requests.at(-1);
    if (last && last.length < rangesPerRequest && shares(region) && last.every(shares)) last.push(region);
    else requests.push([region]);
  }
  return requests;
};

const piecesOf = (
  { at, data }: MemoryWrite,
  { writeSize, wramWriteSize }: PeerRules,
): readonly { readonly address: number; readonly data: Uint8Array }[] => {
  const most = at.domain === WRAM_AREA.domain ? wramWriteSize : writeSize;
  const address = addressOf(at.domain, at.offset);
  return Array.from({ length: Math.ceil(data.length / most) }, (_, index) => ({
    address: address + index * most,
    data: data.subarray(index * most, (index + 1) * most),
  }));
};
