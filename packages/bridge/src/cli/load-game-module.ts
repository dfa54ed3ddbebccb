import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CausewayError } from '@causeway/protocol/errors';
import type { GameModule } from '../game/contract.js';

const FUNCTIONS = ['identify', 'start', 'plan', 'step'] as const;
const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && Number(value) >= least;

const isRegion = (value: unknown): boolean =>
  isObject(value) && isText(value['domain']) && isCount(value['offset'], 0) && isCount(value['size'], 1);

/** What keeps a value from being a game module, in words for its author; nothing when it is one. */
const moduleFault = (value: unknown): string | undefined => {
  if (!isObject(value)) return 'The file does not export `module`.';
  if (!isText(value['id']) || !KEBAB_CASE.test(value['id'])) return '`id` must be text in kebab-case.';
  if (!isText(value['game'])) return '`game` must be the name of the game in Archipelago.';
  const systems = value['systems'];
  if (!Array.isArray(systems) || systems.length === 0 || !systems.every(isText))
    return '`systems` must list systems: ["NES"].';
  const probe = value['probe'];
  if (!isObject(probe)) return '`probe` must name regions to read.';
  const broken = Object.entries(probe).find(([, region]) => !isRegion(region));
  if (broken) return `\`probe.${broken[0]}\` must be { domain, offset, size }.`;
  const missing = FUNCTIONS.find((name) => typeof value[name] !== 'function');
  return missing === undefined ? undefined : `\`${missing}\` must be a function.`;
};

/**
 * Loads a game module of the person's own: an ES module that exports `module`.
 *
 * Rejects with `file_unreadable` when there is no such file, `module_invalid` when it cannot be loaded or is no module.
 */
export const loadGameModule = async (file: string, folder: string): Promise<GameModule> => {
  const path = resolve(folder, file);
  if (!existsSync(path)) throw new CausewayError('file_unreadable', `There is no file ${path}.`, { context: { path } });
  const invalid = (why: string, cause?: unknown): CausewayError =>
    new CausewayError('module_invalid', `${path} is no game module.`, { cause, context: { why, path } });
  let exported: { readonly module?: unknown };
  try {
    exported = await import(/* @vite-ignore */ pathToFileURL(path).href);
  } catch (cause) {
    throw invalid(`It cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const fault = moduleFault(exported.module);
  if (fault !== undefined) throw invalid(fault);
  return exported.module as GameModule;
};
