import { CausewayError } from '../errors/index.js';

/** The parts of a SNES a multiworld client cares about. */
export type SnesArea = 'rom' | 'sram' | 'wram';

/** A byte, by what holds it: an offset into the ROM file (without copier header), the save RAM or the work RAM. */
export interface SnesPlace {
  readonly area: SnesArea;
  readonly offset: number;
}

/** Work RAM of every SNES, bytes. */
export const WRAM_SIZE = 0x2_0000;

/** Where each area begins in the FX Pak Pro's view of the console, which usb2snes and SNI use (`docs/specs/usb2snes.md`). */
export const FX_PAK_PRO = { rom: 0x00_0000, sram: 0xe0_0000, wram: 0xf5_0000 } as const;
/** The room each area has there, bytes. */
const ROOM: Readonly<Record<SnesArea, number>> = { rom: 0xe0_0000, sram: 0x10_0000, wram: WRAM_SIZE };

const AREAS: readonly SnesArea[] = ['wram', 'sram', 'rom'];

export const hexAddress = (address: number): string => `$${address.toString(16).toUpperCase().padStart(6, '0')}`;

export const unmapped = (what: string, context: Readonly<Record<string, unknown>>): CausewayError =>
  new CausewayError('address_unmapped', `${what} is not mapped to any memory.`, { context });

/** Whether `value` is a whole number from 0 up to, not including, `end`. */
export const isBelow = (value: number, end: number): boolean => Number.isInteger(value) && value >= 0 && value < end;

/** @throws `address_unmapped` at and above $F70000 (what stands there exists on the cartridge only) and in the gaps */
export const placeOfFxPakPro = (address: number): SnesPlace => {
  for (const area of AREAS) {
    const offset = address - FX_PAK_PRO[area];
    if (isBelow(offset, ROOM[area])) return { area, offset };
  }
  throw unmapped(`FX Pak Pro address ${hexAddress(address)}`, { address });
};

/** @throws `address_unmapped` when the area has no such byte there */
export const fxPakProOf = ({ area, offset }: SnesPlace): number => {
  if (!isBelow(offset, ROOM[area])) throw unmapped(`${area} ${hexAddress(offset)}`, { area, offset });
  return FX_PAK_PRO[area] + offset;
};
