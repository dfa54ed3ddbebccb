import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowMemoryBytes } from '../testing/low-memory-bytes.js';
import { LOW_MEMORY_SIZE, parseLowMemory } from './low-memory.js';

const MIB = 1024 * 1024;

describe('parseLowMemory', () => {
  it('knows a GameCube disc', () => {
    expect(parseLowMemory(lowMemoryBytes({ system: 'GC', id: 'GZLE99', revision: 2, disc: 1 }))).toEqual({
      booted: true,
      gameId: 'GZLE99',
      disc: 1,
      revision: 2,
      discOf: 'GC',
      nandTitle: false,
      mem1Size: 24 * MIB,
    });
  });

  it('knows a Wii disc and both of its memories', () => {
    expect(
      parseLowMemory(lowMemoryBytes({ system: 'Wii', id: 'SOUE01', mem1: 64 * MIB, mem2: 128 * MIB })),
    ).toMatchObject({
      booted: true,
      gameId: 'SOUE01',
      discOf: 'Wii',
      mem1Size: 64 * MIB,
      mem2Size: 128 * MIB,
    });
  });

  it('knows a title from the NAND by sizes that agree', () => {
    const bytes = lowMemoryBytes({ system: 'Wii', nand: true });
    expect(parseLowMemory(bytes)).toMatchObject({ booted: true, nandTitle: true });
    bytes.writeUInt32BE(32 * MIB, 0x3104);
    expect(parseLowMemory(bytes)).toMatchObject({ booted: false, nandTitle: false });
  });

  it('takes a game for not yet begun until its boot code is there', () => {
    expect(parseLowMemory(new Uint8Array(LOW_MEMORY_SIZE))).toMatchObject({ booted: false });
    const bytes = lowMemoryBytes({ system: 'GC' });
    bytes.writeUInt32BE(0xe5207c22, 0x20);
    expect(parseLowMemory(bytes).booted).toBe(true);
    bytes.writeUInt32BE(0, 0x20);
    expect(parseLowMemory(bytes).booted).toBe(false);
  });

  it.each([
    ['zero', Buffer.alloc(6)],
    ['half there', Buffer.from('GZ\0\0\0\0')],
    ['binary', Buffer.from([0x47, 0x5a, 0x4c, 0x45, 0x80, 0x31])],
    ['blank', Buffer.from('      ')],
  ])('finds no id where it is %s', (_, id) => {
    const bytes = lowMemoryBytes({ system: 'GC' });
    id.copy(bytes);
    expect(parseLowMemory(bytes).gameId).toBeUndefined();
  });

  it('does not believe sizes that no console has', () => {
    for (const mem1 of [0, 1, 8 * MIB, 24 * MIB + 1, 256 * MIB, 0xffff_ffff]) {
      expect(parseLowMemory(lowMemoryBytes({ system: 'GC', mem1 })).mem1Size, String(mem1)).toBeUndefined();
    }
  });

  it('makes something of anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: LOW_MEMORY_SIZE, maxLength: LOW_MEMORY_SIZE }), (bytes) => {
        const { gameId, mem1Size } = parseLowMemory(bytes);
        if (gameId !== undefined) expect(gameId).toMatch(/^[!-~][ -~]{5}$/);
        if (mem1Size !== undefined) expect(mem1Size).toBeGreaterThanOrEqual(24 * MIB);
      }),
    );
  });
});
