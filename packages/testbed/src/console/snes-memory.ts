import {
  COPIER_HEADER_SIZE,
  findSnesHeader,
  hasCopierHeader,
  type SnesArea,
  type SnesHeader,
  WRAM_SIZE,
} from '@causeway/protocol/snes';

/** What the console's processor sees, each part in one piece. */
export type SnesMemory = Readonly<Record<SnesArea, Uint8Array>>;

/** A cartridge: its ROM without copier header, and what that says about itself. */
export interface Cartridge {
  /** Name of the file without its ending. */
  readonly name: string;
  readonly rom: Uint8Array;
  /** Absent where nothing in the ROM looks like a header: then only work RAM can be reached by bus addresses. */
  readonly header: SnesHeader | undefined;
}

/** Takes a ROM file as it lies on disk. */
export const openCartridge = (file: Uint8Array, name = 'game'): Cartridge => {
  const rom = file.slice(hasCopierHeader(file.length) ? COPIER_HEADER_SIZE : 0);
  return { name, rom, header: findSnesHeader(rom) };
};

/** Memory as it is when the power comes on: all zeros, save RAM as the battery kept it. */
export const powerOnMemory = ({ rom, header }: Cartridge, battery?: Uint8Array): SnesMemory => {
  const sram = new Uint8Array(header?.sramSize ?? 0);
  sram.set(battery?.subarray(0, sram.length) ?? []);
  return { rom: rom.slice(), sram, wram: new Uint8Array(WRAM_SIZE) };
};
