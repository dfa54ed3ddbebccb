import { readFileSync } from 'node:fs';
import { processHost } from '@causeway/bridge/cli';
import { runTestbedCommand } from './testbed-command.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

process.exitCode = await runTestbedCommand(processHost(), version);
