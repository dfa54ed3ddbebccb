import { spawnSync } from 'node:child_process';

const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** npm answers for a package we depend on, from its cache or the registry it is set up for. */
export const registryAvailable = (): boolean => {
  const { status } = spawnSync(NPM, ['view', 'zod@4.6.7', 'version', '--prefer-offline'], {
    stdio: 'ignore',
    timeout: 20_000,
    shell: process.platform === 'win32',
  });
  if (status === 0) return true;
  const required = (process.env['CAUSEWAY_REQUIRE'] ?? '').split(',').map((name) => name.trim());
  if (!required.includes('registry')) return false;
  throw new Error('registry is required (CAUSEWAY_REQUIRE), but npm cannot reach one here');
};
