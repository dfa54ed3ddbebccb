import type { LuaApiHost, NativeTable } from './host.js';

/** `gameinfo`. There is no game database here: no ROM is in it. */
export const gameinfoApi = (host: LuaApiHost): NativeTable => ({
  getromname: () => host.machine.rom.name,
  getromhash: () => host.machine.rom.hash,
  indatabase: () => false,
  getstatus: () => 'Unknown',
  isstatusbad: () => false,
  getboardtype: () => host.machine.board,
  getoptions: () => new Map(),
});
