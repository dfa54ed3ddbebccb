import { crc32 } from 'node:zlib';
import type { Region } from '@causeway/bridge/device';
import { IDENT, IDENT_MAGIC, IDENT_VERSION } from './memory-map.js';

/** Who advances the received counter: the game when it takes an item, or the client when it hands one over. */
export type DeliveryModel = 'game' | 'client';

/** What a stamped ROM says about itself. */
export interface RomIdent {
  readonly slotName: string;
  /** Seed name of the room it was made for; empty when it fits any room. */
  readonly seed: string;
  readonly delivery: DeliveryModel;
  /** Whether deaths are shared. */
  readonly deathLink: boolean;
}

export type IdentReading =
  | { readonly kind: 'stamped'; readonly ident: RomIdent }
  | { readonly kind: 'unstamped' | 'damaged' }
  | { readonly kind: 'version'; readonly version: number }
  /** Not this game at all. */
  | { readonly kind: 'foreign' };

const DELIVERY_CODES: readonly DeliveryModel[] = ['game', 'client'];

const field = (block: Uint8Array, { offset, size }: Region): Uint8Array => block.subarray(offset, offset + size);

const text = (bytes: Uint8Array): string | undefined => {
  const end = bytes.indexOf(0);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch {
    return undefined;
  }
};

/** CRC-32 over everything in the block that can differ between two copies; never 0, which means "not stamped". */
const computeStamp = (block: Uint8Array): number => {
  const options = block.subarray(IDENT.version.offset, IDENT.stamp.offset);
  return crc32(field(block, IDENT.seed), crc32(field(block, IDENT.slotName), crc32(options))) || 1;
};

const stampView = (block: Uint8Array): DataView =>
  new DataView(block.buffer, block.byteOffset + IDENT.stamp.offset, IDENT.stamp.size);

const readStamped = (block: Uint8Array): IdentReading => {
  const slotName = text(field(block, IDENT.slotName));
  const seed = text(field(block, IDENT.seed));
  const delivery = DELIVERY_CODES[block[IDENT.delivery.offset] ?? -1];
  const whole = stampView(block).getUint32(0, true) === computeStamp(block);
  if (!whole || !slotName || seed === undefined || !delivery) return { kind: 'damaged' };
  return { kind: 'stamped', ident: { slotName, seed, delivery, deathLink: block[IDENT.deathLink.offset] === 1 } };
};

/** Reads the identification block: the first bytes of PRG ROM, {@link IDENT.block} of them. Never throws. */
export const readIdent = (block: Uint8Array): IdentReading => {
  if (block.length < IDENT.block.size) return { kind: 'foreign' };
  const magic = text(field(block, IDENT.magic));
  if (magic !== IDENT_MAGIC) return { kind: 'foreign' };
  const version = block[IDENT.version.offset] ?? 0;
  if (version !== IDENT_VERSION) return { kind: 'version', version };
  return stampView(block).getUint32(0, true) === 0 ? { kind: 'unstamped' } : readStamped(block);
};

const putText = (block: Uint8Array, { offset, size }: Region, value: string): void => {
  block.fill(0, offset, offset + size);
  block.set(new TextEncoder().encode(value), offset);
};

/** Writes the fields and the stamp into `block`. Texts must fit: {@link fits}. */
export const writeIdent = (block: Uint8Array, ident: RomIdent): void => {
  putText(block, IDENT.slotName, ident.slotName);
  putText(block, IDENT.seed, ident.seed);
  block[IDENT.delivery.offset] = DELIVERY_CODES.indexOf(ident.delivery);
  block[IDENT.deathLink.offset] = ident.deathLink ? 1 : 0;
  stampView(block).setUint32(0, computeStamp(block), true);
};

/** Whether `value` can stand in `region` and be read back as it is. */
export const fits = (value: string, region: Region): boolean => {
  const bytes = new TextEncoder().encode(value);
  return bytes.length <= region.size && !value.includes('\0') && text(bytes) === value;
};
