import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { VerbProgram } from '@causeway/bridge/cli';
import { CausewayError } from '@causeway/protocol/errors';
import { type ConnectorEmulator, connectorScriptName, connectorScriptPath } from './connector-script.js';
import type { CONNECTOR_FLAGS } from './connector-verb.js';

const STEPS: Readonly<Record<ConnectorEmulator, (script: string) => readonly string[]>> = {
  bizhawk: (script) => [
    'In BizHawk (2.9.1 or later):',
    '  1. Load the game.',
    `  2. Tools > Lua Console, then Script > Open Script…, and choose ${script}.`,
    '  3. Leave the Lua Console open. Run `causeway-bizhawk devices` to see that it is found.',
    `Or start both at once: EmuHawk --lua=${script} GAME`,
    'Without LuaSocket, start the bridge first, with --device comm://127.0.0.1:43100, and then:',
    `  EmuHawk --socket_ip=127.0.0.1 --socket_port=43100 --lua=${script} GAME`,
  ],
  fceux: (script) => [
    'In FCEUX (2.6.5 or later, with LuaSocket; Debian: the package lua-socket):',
    '  1. Load the game.',
    `  2. File > Lua > Load Lua Script… (Windows: New Lua Script Window), and choose ${script}.`,
    '  3. Leave that window open. Run `causeway-bizhawk devices` to see that it is found.',
    `Or start both at once: fceux --loadlua ${script} GAME`,
  ],
};

const copyInto = (folder: string, from: string, name: string): string => {
  const path = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true });
    copyFileSync(from, path);
    return path;
  } catch (cause) {
    throw new CausewayError('file_unwritable', 'The script cannot be copied.', { cause, context: { path } });
  }
};

/** Prints or copies the connector script; says how to load it. */
export const printConnector: VerbProgram<typeof CONNECTOR_FLAGS> = {
  async run({ flags, host, output }) {
    const emulator = flags.emulator ?? 'bizhawk';
    const source = connectorScriptPath(emulator);
    const name = connectorScriptName(emulator);
    const copied = flags.copy === undefined ? undefined : copyInto(resolve(host.cwd, flags.copy), source, name);
    const path = copied ?? source;
    if (flags.json) output.json({ emulator, path });
    else if (copied === undefined) output.raw(readFileSync(source, 'utf8'));
    if (copied !== undefined) output.note(`Copied to ${copied}.`);
    for (const line of STEPS[emulator](path)) output.note(line);
    return 0;
  },
};
