import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { benchPath, Child, ROOT } from './child.js';
import { sharedTime } from './shared-time.js';

interface Usage {
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

/** What a process has spent when it ends. */
export interface Spent {
  readonly cpuMicros: number;
  readonly peakBytes: number;
}

const METER = pathToFileURL(benchPath('processes/meter.mjs')).href;

/** A program as a person starts it, plain Node and no loader, with nothing added but a meter. */
export const measured = (program: string, args: readonly string[] = [], env: Record<string, string> = {}): Child =>
  new Child(program, { node: ['--import', METER], args, env });

/** The built command of one bridge. Its logs go to a folder that nobody minds. */
export const measuredCommand = (
  args: readonly string[],
  env: Record<string, string> = {},
  bridge: 'bizhawk' | 'sni' | 'dolphin' = 'bizhawk',
): Child =>
  measured(join(ROOT, `packages/${bridge}-bridge/bin/causeway-${bridge}.mjs`), args, {
    CAUSEWAY_LOG_DIR: mkdtempSync(join(tmpdir(), 'causeway-bench-')),
    ...env,
  });

export const MIB = 1024 * 1024;

/** CPU in percent of a core over a while, and the resident memory at its end in MiB. */
export const usedOver = async (child: Child, ms: number): Promise<{ percent: number; rssMib: number }> => {
  const before = await child.ask<Usage>('usage');
  const begun = sharedTime();
  await sleep(ms);
  const after = await child.ask<Usage>('usage');
  const wallMicros = (sharedTime() - begun) * 1000;
  return { percent: ((after.cpuMicros - before.cpuMicros) / wallMicros) * 100, rssMib: after.rssBytes / MIB };
};
