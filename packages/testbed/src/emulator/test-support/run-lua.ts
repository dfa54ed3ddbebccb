import { setImmediate as turn } from 'node:timers/promises';
import { silentLogger } from '@causeway/bridge';
import { startEmulator } from '../emulator.js';
import type { Emulator, EmulatorOptions } from '../emulator-options.js';
import { tinyRom } from './tiny-rom.js';

/** A script running in manual time, with what it printed; failures stand among the lines with a `!` in front. */
export interface LuaRun {
  readonly emulator: Emulator;
  readonly lines: string[];
}

/** Runs a script on the tiny ROM (or another machine) up to its first wait. */
export const runLua = async (source: string, options: Partial<EmulatorOptions> = {}): Promise<LuaRun> => {
  const lines: string[] = [];
  const emulator = await startEmulator({
    rom: tinyRom(),
    fps: 'manual',
    script: { name: 'test', source },
    onPrint: (text) => lines.push(text),
    logger: { ...silentLogger, error: (event, fields) => lines.push(`! ${event} ${String(fields?.['message'])}`) },
    ...options,
  });
  return { emulator, lines };
};

/** What a script prints until it first waits for a frame. */
export const linesOf = async (source: string, options: Partial<EmulatorOptions> = {}): Promise<string[]> => {
  const { emulator, lines } = await runLua(source, options);
  while (emulator.blocked) await turn();
  await emulator.close();
  return lines;
};
