import type { DomainInfo, Region, System } from '@causeway/bridge/device';

/** Bytes that stand next to each other on the core's bus, all in one block of its memory map. */
export interface BusSpan {
  readonly address: number;
  readonly size: number;
  /** The block: a read that runs over its end is cut short by RetroArch, not refused. */
  readonly block: { readonly start: number; readonly end: number };
}

/** How a core shows the memory of what it runs. */
export interface MemoryMap {
  readonly system: System;
  readonly domains: readonly DomainInfo[];
  /** Where a region inside the domains lies, in order. */
  spans(region: Region): readonly BusSpan[];
}

/** A part of a domain that lies in one piece on the bus. */
export interface Window {
  readonly domain: string;
  /** Offset of its first byte in the domain. */
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** A map of windows; domains are as large as their windows reach. */
export const mapOfWindows = (system: System, windows: readonly Window[], readOnly: ReadonlySet<string>): MemoryMap => {
  const sizes = new Map<string, number>();
  for (const { domain, offset, size } of windows) {
    sizes.set(domain, Math.max(sizes.get(domain) ?? 0, offset + size));
  }
  const domains = Array.from(sizes, ([name, size]) => ({ name, size, writable: !readOnly.has(name) }));
  const spans = (region: Region): readonly BusSpan[] =>
    windows.flatMap(({ domain, offset, address, size }): readonly BusSpan[] => {
      const from = Math.max(region.offset, offset);
      const to = Math.min(region.offset + region.size, offset + size);
      if (domain !== region.domain || from >= to) return [];
      const block = { start: address, end: address + size };
      return [{ address: address + (from - offset), size: to - from, block }];
    });
  return { system, domains, spans };
};

/** Cuts `size` bytes of a domain into windows of one block each. */
export const windowsOf = (
  domain: string,
  size: number,
  blockSize: number,
  addressOf: (offset: number) => number,
): readonly Window[] =>
  Array.from({ length: Math.ceil(size / blockSize) }, (_, index) => {
    const offset = index * blockSize;
    return { domain, offset, address: addressOf(offset), size: Math.min(blockSize, size - offset) };
  });
