import type { LuaApiHost, NativeTable } from './host.js';

/** `emu`, as far as it does not yield; `frameadvance` and `yield` are in the scheduler. */
export const emuApi = (host: LuaApiHost): NativeTable => ({
  framecount: () => host.frameCount,
  getsystemid: () => host.machine.system,
  getboardname: () => host.machine.board,
  getdisplaytype: () => 'NTSC',
  getregister: (call) => host.machine.registers().get(call.text(1)) ?? 0,
  getregisters: () => host.machine.registers(),
  islagged: () => false,
  lagcount: () => 0,
  limitframerate: () => [],
  minimizeframeskip: () => [],
});
