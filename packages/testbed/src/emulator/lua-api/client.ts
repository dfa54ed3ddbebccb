import { writeFileSync } from 'node:fs';
import { encodePng } from '../png.js';
import { action, type LuaApiHost, type NativeTable } from './host.js';

/** The EmuHawk release whose API is offered. */
const EMUHAWK_VERSION = '2.10';

const screenshot = (host: LuaApiHost, path: string): void => {
  const picture = host.machine.picture();
  if (picture === undefined) throw new Error('this machine has no screen');
  writeFileSync(path, encodePng(picture));
};

/** `client` */
export const clientApi = (host: LuaApiHost): NativeTable => ({
  getversion: () => EMUHAWK_VERSION,
  getconfig: () => new Map([['PreferredCores', host.preferredCores]]),
  ispaused: () => host.paused,
  pause: action(() => host.setPaused(true)),
  unpause: action(() => host.setPaused(false)),
  togglepause: action(() => host.setPaused(!host.paused)),
  isturbo: () => false,
  speedmode: action((call) => host.setSpeed(call.number(1))),
  reboot_core: action(() => host.powerCycle()),
  saveram: action(() => host.flushBatteryRam()),
  openrom: action((call) => host.requestRom(call.text(1))),
  exit: action(() => host.requestExit()),
  exitCode: action(() => host.requestExit()),
  screenshot: action((call) => screenshot(host, call.text(1))),
  bufferwidth: () => host.machine.picture()?.width ?? 0,
  bufferheight: () => host.machine.picture()?.height ?? 0,
  screenwidth: () => host.machine.picture()?.width ?? 0,
  screenheight: () => host.machine.picture()?.height ?? 0,
  displaymessages: () => [],
});
