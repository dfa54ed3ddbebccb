import { action, type LuaApiHost, type NativeTable } from './host.js';

/** `console`, `print`, `os.getenv`: what a script says and may know of the machine it runs on. */
export const consoleApi = (host: LuaApiHost): NativeTable => ({
  log: action((call) => host.print(call.text(1))),
  failed: action((call) => host.logger.error('lua.failed', { where: call.text(1), message: call.text(2) })),
});

export const osApi = (host: LuaApiHost): NativeTable => ({
  getenv: (call) => host.env[call.text(1)],
});
