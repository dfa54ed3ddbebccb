// What every root script shares: run a program and stop on failure; install and build only what is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Runs a program in the repository root; on failure ends this process with its exit code. */
export const run = (program, args, options = {}) => {
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  if (result.error) {
    process.stderr.write(`${program}: ${result.error.message}\n`);
    process.exit(1);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result;
};

/** Runs a tool of our own dependencies, without needing it (or pnpm) on PATH. */
export const tool = (name, args, options) => run(join(root, 'node_modules', '.bin', name), args, options);

/** pnpm in exactly the version the lockfile was written by. A machine with only Node and npm has none. */
export const pnpm = (args, options) => run('npx', ['--yes', packageManager, ...args], options);

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

export const ensureInstalled = () => {
  const marker = modified(join(root, 'node_modules', '.modules.yaml'));
  if (marker > 0 && marker >= modified(join(root, 'pnpm-lock.yaml'))) return;
  process.stderr.write('Installing dependencies …\n');
  pnpm(['install', '--frozen-lockfile', '--reporter=append-only'], { stdio: ['ignore', 'ignore', 'inherit'] });
};

/**
 * Builds every package, dependencies first. `CAUSEWAY_BUILD=done` says that this has just been done: one run of CI calls several
 * of our scripts, and each of them builds.
 *
 * @param types `false` leaves out type declarations: most of the work, and nothing a program needs to run
 */
export const build = ({ types = true } = {}) => {
  if (process.env['CAUSEWAY_BUILD'] === 'done') return;
  process.stderr.write('Building …\n');
  // A build that fails must show why; one that works has nothing to say.
  const result = spawnSync(
    'npx',
    ['--yes', packageManager, '-r', '--workspace-concurrency=2', 'run', 'build', '--silent'],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CAUSEWAY_BUILD: types ? '' : 'without-types' },
      shell: process.platform === 'win32',
    },
  );
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout}${result.stderr}`);
  process.exit(result.status ?? 1);
};
