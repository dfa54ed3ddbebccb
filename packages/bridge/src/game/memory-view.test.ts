import { describe, expect, it } from 'vitest';
import { readCell, viewMemory, watchView } from './memory-view.js';

const regions = {
  low: { domain: 'RAM', offset: 0, size: 4 },
  high: { domain: 'RAM', offset: 8, size: 2 },
  rom: { domain: 'ROM', offset: 0, size: 1 },
};
const snapshot = { low: Uint8Array.of(1, 2, 3, 4), high: Uint8Array.of(9, 10), rom: Uint8Array.of(7) };

describe('memory view', () => {
  const memory = viewMemory(regions, snapshot);

  it('finds bytes by address in whatever region covers them', () => {
    expect(memory.bytes({ domain: 'RAM', offset: 1, size: 2 })).toEqual(Uint8Array.of(2, 3));
    expect(readCell(memory, { domain: 'RAM', offset: 8, size: 2 })).toBe(0x0a09);
    expect(memory.bytes({ domain: 'ROM', offset: 0, size: 1 })).toEqual(Uint8Array.of(7));
  });

  it.each([
    { domain: 'RAM', offset: 3, size: 2 },
    { domain: 'RAM', offset: 7, size: 2 },
    { domain: 'WRAM', offset: 0, size: 1 },
  ])('does not make up what was not read: $domain $offset', (region) => {
    expect(() => memory.bytes(region)).toThrow(RangeError);
  });

  it('turns all that was looked at into guards, each place once', () => {
    const watched = watchView(memory);
    watched.bytes({ domain: 'RAM', offset: 1, size: 2 });
    watched.bytes({ domain: 'RAM', offset: 1, size: 2 });
    watched.bytes({ domain: 'ROM', offset: 0, size: 1 });
    expect(watched.guards()).toEqual([
      { at: { domain: 'RAM', offset: 1 }, expect: Uint8Array.of(2, 3) },
      { at: { domain: 'ROM', offset: 0 }, expect: Uint8Array.of(7) },
    ]);
  });
});
