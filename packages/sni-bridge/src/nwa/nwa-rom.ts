import type { DomainInfo, RomIdentity } from '@causeway/bridge/device';
import { readGameInfo } from '@causeway/protocol/nwa';
import type { NwaConnection } from './nwa-connection.js';
import type { MemoryNames } from './nwa-memories.js';

export const readNwaRom = async (
  connection: NwaConnection,
  _domains: readonly DomainInfo[],
  _names: MemoryNames,
): Promise<RomIdentity> => {
  const { name } = readGameInfo(await connection.ask({ name: 'GAME_INFO', args: [] }));
  return { system: 'SNES', ...(name ? { title: name } : {}) };
};
