import type { GuardStep } from '../device/contract.js';
import { parseHexBytes, parseNumber } from './parse-value.js';
import { usageError } from './usage-error.js';

/** Parses `DOMAIN:ADDRESS:HEX`. */
export const parseGuard = (text: string, flag: string): GuardStep => {
  const [domain, address, hex, ...rest] = text.split(':');
  if (!domain || address === undefined || hex === undefined || rest.length > 0) {
    throw usageError(`${flag} "${text}" is not a guard.`, 'A guard is DOMAIN:ADDRESS:HEX, as in RAM:0x1f:01.');
  }
  return {
    kind: 'guard',
    at: { domain, offset: parseNumber(address, `Address in ${flag}`) },
    expect: parseHexBytes(hex, `HEX in ${flag}`),
  };
};
