import type { Region } from '../device/contract.js';
import { parseNumber } from './parse-value.js';
import { usageError } from './usage-error.js';
import { parseWatchType, type WatchType } from './watch-type.js';

/** One thing to watch. */
export interface WatchSpec {
  readonly region: Region;
  readonly type: WatchType;
  /** What its lines are called: the given name, else its place. */
  readonly name: string;
}

/** Parses `DOMAIN:ADDRESS:TYPE[:NAME]`. */
export const parseWatchSpec = (text: string): WatchSpec => {
  const [domain, address, typeText, ...name] = text.split(':');
  if (!domain || address === undefined || typeText === undefined) {
    throw usageError(
      `SPEC "${text}" is not complete.`,
      'A spec is DOMAIN:ADDRESS:TYPE[:NAME], as in RAM:0x10:u16le:gold.',
    );
  }
  const offset = parseNumber(address, 'ADDRESS');
  const type = parseWatchType(typeText);
  return {
    region: { domain, offset, size: type.size },
    type,
    name: name.join(':') || `${domain}:0x${offset.toString(16)}`,
  };
};
