import type { DomainInfo, RomIdentity } from '@causeway/bridge/device';
import { coreRead } from '@causeway/protocol/nwa';
import {
  chooseSnesHeader,
  parseSnesHeader,
  SNES_HEADER_OFFSETS,
  SNES_HEADER_SIZE,
  type SnesHeader,
  type SnesHeaderOffset,
} from '@causeway/protocol/snes';
import type { NwaConnection } from './nwa-connection.js';
import type { MemoryNames } from './nwa-memories.js';

/** The ROM by the title in its header, as on every other way to a console; else by what the emulator calls the game. */
export const readNwaRom = async (
  connection: NwaConnection,
  domains: readonly DomainInfo[],
  names: MemoryNames,
): Promise<RomIdentity> => {
  const size = domains.find(({ name }) => name === 'ROM')?.size ?? 0;
  const offsets = SNES_HEADER_OFFSETS.filter((offset) => offset + SNES_HEADER_SIZE <= size);
  const memory = names.get('ROM') ?? 'CARTROM';
  const headers = await Promise.all(offsets.map((offset) => readHeader(connection, memory, offset)));
  const title = chooseSnesHeader(headers)?.title || (await readName(connection));
  return { system: 'SNES', ...(title ? { title } : {}) };
};

const readHeader = async (
  connection: NwaConnection,
  memory: string,
  offset: SnesHeaderOffset,
): Promise<SnesHeader | undefined> => {
  const reply = await connection.ask(coreRead(memory, [{ offset, size: SNES_HEADER_SIZE }]));
  return reply.kind === 'binary' ? parseSnesHeader(reply.data, offset) : undefined;
};

/** Not every emulator has this command. */
const readName = async (connection: NwaConnection): Promise<string | undefined> => {
  const reply = await connection.ask({ name: 'GAME_INFO', args: [] });
  return reply.kind === 'text' ? reply.items[0]?.get('name') : undefined;
};
