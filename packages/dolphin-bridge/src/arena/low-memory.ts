/**
 * What every running game has in its first pages: who it is, and how much memory the console has.
 * Source: docs/specs/dolphin.md, section 1.3.
 */

/** Bytes of low memory that are looked at, from the start of MEM1. */
export const LOW_MEMORY_SIZE = 0x3120;

export interface LowMemory {
  /** `false` in the first tenths of a second of a game: sizes and id follow the boot code. */
  readonly booted: boolean;
  /** Six characters, the disc's id; absent for NAND titles, bare programs, and while the game starts. */
  readonly gameId?: string;
  readonly disc: number;
  readonly revision: number;
  /** What the magic number of the disc says; absent without a disc. */
  readonly discOf?: 'GC' | 'Wii';
  /** The rule for titles from a Wii's NAND, which have neither disc nor id: both pairs of sizes agree and make sense. */
  readonly nandTitle: boolean;
  /** Bytes of MEM1 that the console says it has; absent when it says nonsense. */
  readonly mem1Size?: number;
  /** The same of MEM2, on a Wii. */
  readonly mem2Size?: number;
}

const WII_MAGIC = 0x5d1c9ea3;
const GAMECUBE_MAGIC = 0xc2339f3d;
/** Of a normal and of a debug boot. */
const BOOT_CODES: readonly number[] = [0x0d15ea5e, 0xe5207c22];

const MIB = 1024 * 1024;
/** Real consoles have 24 and 64 MiB; Dolphin's memory override allows more, up to this. */
const MEM1_BOUNDS = { least: 24 * MIB, most: 128 * MIB };
const MEM2_BOUNDS = { least: 64 * MIB, most: 128 * MIB };

const isWithin = (size: number, { least, most }: { readonly least: number; readonly most: number }): boolean =>
  size >= least && size <= most && size % 4096 === 0;

/** Ids are printable; mods put a seed into its second half, so that any printable character is taken. */
const idIn = (bytes: Uint8Array): string | undefined => {
  const id = bytes.subarray(0, 6);
  return id[0] !== 0x20 && id.every((byte) => byte >= 0x20 && byte < 0x7f) ? String.fromCharCode(...id) : undefined;
};

const isNandTitle = (view: DataView): boolean => {
  const sizes = [0x28, 0xf0].map((at) => view.getUint32(at));
  const again = [0x3100, 0x3104].map((at) => view.getUint32(at));
  const noDisc = [0x18, 0x1c, 0x20, 0x24].every((at) => view.getUint32(at) === 0);
  return noDisc && sizes.every((size, index) => size === again[index] && isWithin(size, MEM1_BOUNDS));
};

/** Takes apart the first {@link LOW_MEMORY_SIZE} bytes of MEM1. */
export const parseLowMemory = (bytes: Uint8Array): LowMemory => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, LOW_MEMORY_SIZE);
  const gameId = idIn(bytes);
  const nandTitle = isNandTitle(view);
  const mem1Size = [0x28, 0x3100].map((at) => view.getUint32(at)).find((size) => isWithin(size, MEM1_BOUNDS));
  const mem2Size = view.getUint32(0x3118);
  const discOf = discOfMagic(view);
  return {
    booted: BOOT_CODES.includes(view.getUint32(0x20)) || nandTitle,
    ...(gameId === undefined ? {} : { gameId }),
    disc: view.getUint8(6),
    revision: view.getUint8(7),
    ...(discOf ? { discOf } : {}),
    nandTitle,
    ...(mem1Size === undefined ? {} : { mem1Size }),
    ...(isWithin(mem2Size, MEM2_BOUNDS) ? { mem2Size } : {}),
  };
};

const discOfMagic = (view: DataView): LowMemory['discOf'] => {
  if (view.getUint32(0x18) === WII_MAGIC) return 'Wii';
  return view.getUint32(0x1c) === GAMECUBE_MAGIC ? 'GC' : undefined;
};
