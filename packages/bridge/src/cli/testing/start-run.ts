import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../clock.js';
import type { GameModule } from '../../game/contract.js';
import { createSession } from '../../session/create-session.js';
import { runBridgeCommand } from '../run-bridge-command.js';
import { MemoryConsole, memoryDriver } from './memory-driver.js';
import { testHost } from './test-host.js';
import { TestRoom, testGame } from './test-room.js';

/** What a test decides about a run. */
export interface StartOptions {
  readonly room?: TestRoom;
  readonly modules?: readonly GameModule[];
  readonly env?: Readonly<Record<string, string>>;
  readonly tty?: boolean;
}

/** `run` as a whole, on a console and in a room of memory. */
export const startRun = (
  argv: readonly string[],
  { room = new TestRoom(), modules = [testGame('Ana')], env, tty }: StartOptions = {},
) => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-run-'));
  const logs = join(folder, 'logs');
  const host = testHost(argv, {
    env: { CAUSEWAY_LOG_DIR: logs, NO_COLOR: '1', ...env },
    cwd: folder,
    clock: systemClock,
    ...(tty === undefined ? {} : { tty }),
  });
  const memory = new MemoryConsole();
  memory.ram[0x10] = 0;
  const done = runBridgeCommand({
    name: 'causeway-test',
    version: '1.2.3',
    about: 'A bridge for tests.',
    loadDriver: async () => memoryDriver(memory),
    loadModules: async () => modules,
    loadEngine: async () => ({ createSession, openMultiworld: room.open }),
    host,
  });
  const log = (): string => readFileSync(join(logs, readdirSync(logs)[0] ?? ''), 'utf8');
  const everything = (): string => host.outText() + host.errText() + log();
  return { host, memory, room, done, folder, logs, log, everything };
};
