import { CausewayError } from '@causeway/protocol/errors';
import { NWA_PORT } from '@causeway/protocol/nwa';
import { RETROARCH_PORT } from '@causeway/protocol/retroarch';
import { busOf, placeOfFxPakPro, type SnesArea, type SnesMapping, type SnesPlace } from '@causeway/protocol/snes';
import type { ConsolePorts, ServedAs } from './console-options.js';
import { retroarchBlock } from './retroarch-map.js';
import type { SnesConsole } from './snes-console.js';

/** A piece of memory in one block. */
interface Piece {
  readonly area: SnesArea;
  readonly offset: number;
  /** Bytes from there to the end of the block. */
  readonly room: number;
}

/** The console as a server of usb2snes or gRPC has it: behind an emulator, in the FX Pak Pro's addresses. */
export class ServedConsole {
  readonly console: SnesConsole;
  readonly #ports: ConsolePorts;
  /** Whether the emulator runs; the server does in any case. */
  present = true;
  /** Times the emulator was started again under this server. */
  restarts = 0;

  constructor(console: SnesConsole, ports: ConsolePorts) {
    this.console = console;
    this.#ports = ports;
  }

  /** Of the cartridge; LoROM where it does not say. */
  get mapping(): SnesMapping {
    return this.console.cartridge?.header?.mapping ?? 'lorom';
  }

  /** Where the emulator listens, by its own door where that is open. */
  address(as: ServedAs): string {
    const port = as === 'retroarch' ? (this.#ports.retroarch ?? RETROARCH_PORT) : (this.#ports.nwa ?? NWA_PORT);
    return `127.0.0.1:${port}`;
  }

  /**
   * Bytes at an address of the FX Pak Pro's view; nothing where any of them is not mapped.
   *
   * @param mapping by which the server looks for them on the bus; the cartridge's own unless given
   */
  read(as: ServedAs, address: number, size: number, mapping?: SnesMapping): Uint8Array | undefined {
    const piece = this.#piece(as, address, mapping);
    if (!piece || piece.room < size) return undefined;
    return this.console.memory[piece.area].slice(piece.offset, piece.offset + size);
  }

  /** Whether the bytes could be written. */
  write(as: ServedAs, address: number, data: Uint8Array, mapping?: SnesMapping): boolean {
    const piece = this.#piece(as, address, mapping);
    if (!piece || piece.room < data.length || (as === 'retroarch' && piece.area === 'rom')) return false;
    this.console.memory[piece.area].set(data, piece.offset);
    return true;
  }

  #piece(as: ServedAs, address: number, mapping?: SnesMapping): Piece | undefined {
    const place = placeOf(address);
    if (!place) return undefined;
    if (as === 'retroarch') return this.#onBus(place, mapping);
    const { area, offset } = place;
    return { area, offset, room: this.console.memory[area].length - offset };
  }

  /** As SNI does it: to the bus by the cartridge's mapping, and there to what RetroArch shows. */
  #onBus(place: SnesPlace, mapping = this.mapping): Piece | undefined {
    const bus = orNothing(() => busOf(mapping, place));
    const block = bus === undefined ? undefined : retroarchBlock(this.console, bus);
    if (block === undefined || typeof block === 'string') return undefined;
    return { area: block.area, offset: block.offset, room: block.end - block.offset };
  }
}

/** What the address tables refuse is not mapped. */
const orNothing = <T>(look: () => T): T | undefined => {
  try {
    return look();
  } catch (error) {
    if (CausewayError.is(error) && error.code === 'address_unmapped') return undefined;
    throw error;
  }
};

const placeOf = (address: number): SnesPlace | undefined => orNothing(() => placeOfFxPakPro(address));
