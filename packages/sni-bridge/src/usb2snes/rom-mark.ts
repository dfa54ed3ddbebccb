import { parseInfo, type Usb2SnesInfo } from '@causeway/protocol/usb2snes';
import type { Usb2SnesConnection } from './usb2snes-connection.js';

/** What tells one ROM from another, cheap enough to be looked at once a second. */
export interface RomMark {
  readonly expected: string;
  /** Looks at it again. */
  find(connection: Usb2SnesConnection, signal: AbortSignal): Promise<string>;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Bytes of the ROM itself. */
export const bytesMark = (address: number, bytes: Uint8Array): RomMark => ({
  expected: hex(bytes),
  find: async (connection, signal) => hex(await connection.read([{ address, size: bytes.length }], signal)),
});

/** The name the server knows the ROM by, where its bytes cannot be read. */
export const nameMark = ({ rom }: Usb2SnesInfo): RomMark => ({
  expected: rom,
  find: async (connection, signal) => parseInfo(await connection.ask('Info', [], signal)).rom,
});

/** For peers that tell nothing of their ROM. */
export const noMark: RomMark = { expected: '', find: () => Promise.resolve('') };
