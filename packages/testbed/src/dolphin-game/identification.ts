import { crc32 } from 'node:zlib';
import type { Region } from '@causeway/bridge/device';
import type { DeliveryModel } from '../game/identification.js';
import { IDENT, IDENT_VERSION, MAGIC } from './memory-map.js';

/** What a stamped copy says about itself. */
export interface ProgramIdent {
  readonly slotName: string;
  /** Seed name of the room it was made for; empty when it fits any room. */
  readonly seed: string;
  /** `game`: numbered mailbox, counted by the game. `client`: give array, counted by the client. */
  readonly delivery: DeliveryModel;
  /** Whether deaths are shared. */
  readonly deathLink: boolean;
}

export type IdentReading =
  | { readonly kind: 'stamped'; readonly ident: ProgramIdent }
  | { readonly kind: 'unstamped' | 'damaged' }
  | { readonly kind: 'version'; readonly version: number }
  /** Not this game at all. */
  | { readonly kind: 'foreign' };

const DELIVERY_CODES: readonly DeliveryModel[] = ['game', 'client'];

/** Where a part of the block lies within it. */
const within = ({ offset }: { readonly offset: number }): number => offset - IDENT.block.offset;

const field = (block: Uint8Array, region: Region): Uint8Array =>
  block.subarray(within(region), within(region) + region.size);

const text = (bytes: Uint8Array): string | undefined => {
  const end = bytes.indexOf(0);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch {
    return undefined;
  }
};

/** CRC-32 over everything that can differ between two copies; never 0, which means "not stamped". */
const computeStamp = (block: Uint8Array): number => {
  const options = block.subarray(within(IDENT.version), within(IDENT.stamp));
  return crc32(field(block, IDENT.seed), crc32(field(block, IDENT.slotName), crc32(options))) || 1;
};

const stampView = (block: Uint8Array): DataView =>
  new DataView(block.buffer, block.byteOffset + within(IDENT.stamp), IDENT.stamp.size);

const readStamped = (block: Uint8Array): IdentReading => {
  const slotName = text(field(block, IDENT.slotName));
  const seed = text(field(block, IDENT.seed));
  const delivery = DELIVERY_CODES[block[within(IDENT.delivery)] ?? -1];
  const whole = stampView(block).getUint32(0) === computeStamp(block);
  if (!whole || !slotName || seed === undefined || !delivery) return { kind: 'damaged' };
  return { kind: 'stamped', ident: { slotName, seed, delivery, deathLink: block[within(IDENT.deathLink)] === 1 } };
};

/** Reads the identification block, {@link IDENT.block}. Never throws. */
export const readIdent = (block: Uint8Array): IdentReading => {
  if (block.length !== IDENT.block.size || text(field(block, IDENT.magic)) !== MAGIC) return { kind: 'foreign' };
  const version = block[within(IDENT.version)] ?? 0;
  if (version !== IDENT_VERSION) return { kind: 'version', version };
  return stampView(block).getUint32(0) === 0 ? { kind: 'unstamped' } : readStamped(block);
};

const putText = (block: Uint8Array, region: Region, value: string): void => {
  field(block, region).fill(0);
  block.set(new TextEncoder().encode(value), within(region));
};

/** Writes the fields and the stamp into `block`. Texts must fit. */
export const writeIdent = (block: Uint8Array, { slotName, seed, delivery, deathLink }: ProgramIdent): void => {
  putText(block, IDENT.slotName, slotName);
  putText(block, IDENT.seed, seed);
  block[within(IDENT.delivery)] = DELIVERY_CODES.indexOf(delivery);
  block[within(IDENT.deathLink)] = deathLink ? 1 : 0;
  stampView(block).setUint32(0, computeStamp(block));
};
