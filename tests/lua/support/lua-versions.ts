import { spawnSync } from 'node:child_process';
import { toolAvailable } from '../../support/require-tool.js';

export interface LuaVersion {
  readonly command: string;
  readonly available: boolean;
  /** Whether LuaSocket can be had there as well. */
  readonly sockets: boolean;
}

const hasSockets = (command: string): boolean =>
  spawnSync(command, ['-e', 'require("socket.core")'], { stdio: 'ignore' }).status === 0;

const version = (name: string, command: string): LuaVersion => {
  const available = toolAvailable(name, [command, '-v']);
  const sockets = available && hasSockets(command);
  if (available && !sockets && (process.env['CAUSEWAY_REQUIRE'] ?? '').split(',').includes(name)) {
    throw new Error(`${name} is required (CAUSEWAY_REQUIRE) with LuaSocket, which ${command} does not find`);
  }
  return { command, available, sockets };
};

/** The two dialects that the scripts are written for. */
export const LUA_VERSIONS: readonly LuaVersion[] = [version('lua', 'lua5.4'), version('lua5.1', 'lua5.1')];
