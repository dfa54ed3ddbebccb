import { crc32 } from 'node:zlib';

/** What a stamped copy says about itself. */
export interface CartridgeIdent {
  readonly slotName: string;
  /** Seed name of the room it was made for; empty when it fits any room. */
  readonly seed: string;
  /** Frames between the chests that the keeper opens by itself; 0: none. */
  readonly autoplay: number;
  /** Whether deaths are shared. */
  readonly deathLink: boolean;
}

export type IdentReading =
  | { readonly kind: 'stamped'; readonly ident: CartridgeIdent }
  | { readonly kind: 'unstamped' | 'damaged' }
  | { readonly kind: 'version'; readonly version: number }
  /** Not this game at all. */
  | { readonly kind: 'foreign' };

export const IDENT_SIZE = 116;
const VERSION = 1;
const WORD = 'MARSHLIGHT';
const AT = { version: 10, deathLink: 11, autoplay: 12, slotName: 16, seed: 64, stamp: 112 } as const;
/** Bytes of UTF-8 for slot name and seed each. */
export const NAME_SIZE = 48;

const view = (block: Uint8Array): DataView => new DataView(block.buffer, block.byteOffset, block.length);

/** UTF-8 up to the first NUL; `undefined` when it is none. */
export const paddedText = (bytes: Uint8Array): string | undefined => {
  const end = bytes.indexOf(0);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch {
    return undefined;
  }
};

/** CRC-32 over everything that can differ between two copies; never 0, which means "not stamped". */
const stampOf = (block: Uint8Array): number => crc32(block.subarray(0, AT.stamp)) || 1;

/** Reads the identification block, {@link IDENT_SIZE} bytes. Never throws. */
export const readIdent = (block: Uint8Array): IdentReading => {
  if (block.length !== IDENT_SIZE || paddedText(block.subarray(0, WORD.length)) !== WORD) return { kind: 'foreign' };
  const version = block[AT.version] ?? 0;
  if (version !== VERSION) return { kind: 'version', version };
  const stamp = view(block).getUint32(AT.stamp, true);
  if (stamp === 0) return { kind: 'unstamped' };
  const slotName = paddedText(block.subarray(AT.slotName, AT.slotName + NAME_SIZE));
  const seed = paddedText(block.subarray(AT.seed, AT.seed + NAME_SIZE));
  if (stamp !== stampOf(block) || !slotName || seed === undefined) return { kind: 'damaged' };
  const autoplay = view(block).getUint16(AT.autoplay, true);
  return { kind: 'stamped', ident: { slotName, seed, autoplay, deathLink: block[AT.deathLink] === 1 } };
};

const putText = (block: Uint8Array, at: number, value: string): void => {
  block.fill(0, at, at + NAME_SIZE);
  block.set(new TextEncoder().encode(value), at);
};

/** Writes the fields and the stamp into `block`. Texts must fit. */
export const writeIdent = (block: Uint8Array, { slotName, seed, autoplay, deathLink }: CartridgeIdent): void => {
  putText(block, AT.slotName, slotName);
  putText(block, AT.seed, seed);
  view(block).setUint16(AT.autoplay, autoplay, true);
  block[AT.deathLink] = deathLink ? 1 : 0;
  view(block).setUint32(AT.stamp, stampOf(block), true);
};
