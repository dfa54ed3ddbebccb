import type { DomainInfo, Region } from '@causeway/bridge/device';

/** How often a server must have closed on a place before it is believed to end there: it also closes when the game is gone. */
const CLOSES_TO_BELIEVE = 2;

interface Suspicion {
  readonly offset: number;
  readonly closes: number;
}

/**
 * What of a console's memory has been found to be there. Headers name sizes that files do not have, and where no header can
 * be read there are none at all; but servers like QUsb2Snes close the socket, everybody's, when they are asked for more. So a
 * place that was never answered and made the server close twice is not offered again.
 */
export class MemoryReach {
  /** By domain: everything below has been answered. Memory has no holes. */
  readonly #proven = new Map<string, number>();
  readonly #suspicions = new Map<string, Suspicion>();

  /** The server answered this. */
  answered({ domain, offset, size }: Region): void {
    this.#proven.set(domain, Math.max(this.#provenEnd(domain), offset + size));
  }

  /** The server closed the socket when the first of these was due. */
  closedOn(regions: readonly Region[]): void {
    const unproven = regions.find(({ domain, offset, size }) => offset + size > this.#provenEnd(domain));
    if (!unproven) return;
    const offset = Math.max(unproven.offset, this.#provenEnd(unproven.domain));
    const before = this.#suspicions.get(unproven.domain);
    const closes = before?.offset === offset ? before.closes + 1 : 1;
    this.#suspicions.set(unproven.domain, { offset, closes });
  }

  /** The domains as far as they can be asked for. */
  within(domains: readonly DomainInfo[]): readonly DomainInfo[] {
    return domains
      .map((domain) => ({ ...domain, size: Math.min(domain.size, this.#believedEnd(domain.name)) }))
      .filter(({ size }) => size > 0);
  }

  #provenEnd(domain: string): number {
    return this.#proven.get(domain) ?? 0;
  }

  #believedEnd(domain: string): number {
    const suspicion = this.#suspicions.get(domain);
    return suspicion && suspicion.closes >= CLOSES_TO_BELIEVE ? suspicion.offset : Number.POSITIVE_INFINITY;
  }
}

/** What is known of each console, for as long as a driver lives. */
export class KnownReaches {
  readonly #reaches = new Map<string, MemoryReach>();

  /** @param key the console and the game in it */
  of(key: string): MemoryReach {
    const known = this.#reaches.get(key) ?? new MemoryReach();
    this.#reaches.set(key, known);
    return known;
  }
}
