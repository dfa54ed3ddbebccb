import { spawnSync } from 'node:child_process';

const required = new Set((process.env['CAUSEWAY_REQUIRE'] ?? '').split(',').map((name) => name.trim()));

/**
 * Whether a suite that needs an outside program can run here.
 *
 * A missing program skips the suite, by name, unless `CAUSEWAY_REQUIRE` lists it (comma-separated): then it is an error,
 * so that a machine which is meant to have it cannot pass by skipping.
 *
 * @param name what `CAUSEWAY_REQUIRE` calls it: `lua`, `lua5.1`, `fceux`, `luacheck`, `cc65`
 * @param command program and arguments that succeed when it is there
 */
export const toolAvailable = (name: string, command: readonly [string, ...string[]]): boolean => {
  const [program, ...args] = command;
  const found = spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 });
  const available = found.status === 0;
  if (!available && required.has(name)) {
    throw new Error(`${name} is required (CAUSEWAY_REQUIRE) but \`${command.join(' ')}\` does not run here`);
  }
  return available;
};
