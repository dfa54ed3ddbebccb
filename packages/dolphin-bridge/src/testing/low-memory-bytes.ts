/** A game's first page, as tests want it. */
export interface LowMemoryFacts {
  readonly system: 'GC' | 'Wii';
  /** Default `GZLE99`; an empty one is not written. */
  readonly id?: string;
  readonly revision?: number;
  readonly disc?: number;
  /** Default: a real console's 24 MiB. */
  readonly mem1?: number;
  readonly mem2?: number;
  /** A title from the NAND: no disc, no boot code. */
  readonly nand?: boolean;
}

const MIB = 1024 * 1024;

/** The first 0x3120 bytes of MEM1. */
export const lowMemoryBytes = (facts: LowMemoryFacts): Buffer => {
  const { system, id = 'GZLE99', revision = 0, disc = 0, mem1 = 24 * MIB, mem2 = 64 * MIB, nand = false } = facts;
  const bytes = Buffer.alloc(0x3120);
  if (!nand) {
    bytes.write(id, 'latin1');
    bytes.writeUInt8(disc, 6);
    bytes.writeUInt8(revision, 7);
    if (system === 'Wii') bytes.writeUInt32BE(0x5d1c9ea3, 0x18);
    else bytes.writeUInt32BE(0xc2339f3d, 0x1c);
    bytes.writeUInt32BE(0x0d15ea5e, 0x20);
  }
  for (const at of [0x28, 0xf0]) bytes.writeUInt32BE(mem1, at);
  if (system === 'GC') return bytes;
  for (const at of [0x3100, 0x3104]) bytes.writeUInt32BE(mem1, at);
  for (const at of [0x3118, 0x311c]) bytes.writeUInt32BE(mem2, at);
  return bytes;
};
