import type { Region } from '@causeway/bridge/device';
import { parseInfo, type Usb2SnesInfo } from '@causeway/protocol/usb2snes';
import { ROM_AREA } from './memory-areas.js';
import type { Usb2SnesConnection } from './usb2snes-connection.js';

/** What tells one ROM from another. */
export interface RomMark {
  readonly expected: string;
  /** Looks at it again. */
  find(connection: Usb2SnesConnection, signal: AbortSignal): Promise<string>;
  /** Where its bytes are: read along with all else. Without one it is looked at once in a while, and before every write. */
  readonly region?: Region;
}

/** Bytes as a mark. */
export const markOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Whether nothing but zeros is found, as SNI answers for what cannot be read. */
export const isGone = (found: string): boolean => /^0*$/.test(found);

/** Bytes of the ROM itself. */
export const bytesMark = (address: number, bytes: Uint8Array): RomMark => ({
  expected: markOf(bytes),
  find: async (connection, signal) => markOf(await connection.read([{ address, size: bytes.length }], signal)),
  region: { domain: ROM_AREA.domain, offset: address - ROM_AREA.start, size: bytes.length },
});

/** The name the server knows the ROM by, where its bytes cannot be read. */
export const nameMark = ({ rom }: Usb2SnesInfo): RomMark => ({
  expected: rom,
  find: async (connection, signal) => parseInfo(await connection.ask('Info', [], signal)).rom,
});

/** For peers that tell nothing of their ROM. */
export const noMark: RomMark = { expected: '', find: () => Promise.resolve('') };
