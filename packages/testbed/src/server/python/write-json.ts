import { floatText } from './float-text.js';
import { PyComplex, PyFloat, raise } from './values.js';

/** Python refuses to write longer integers. */
const TOO_LONG = 10n ** 4300n;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * Writes JSON as the reference server does: compact, non-ASCII as it is, floats as `7.0`, bare `NaN` and `Infinity`.
 *
 * Takes Python values and plain objects alike; members that are `undefined` are left out. Raises for what Python cannot
 * encode: complex numbers, integers beyond 4300 digits, half characters.
 */
export const writeJson = (value: unknown): string => {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'bigint') return longInteger(value);
  if (value instanceof PyFloat) return floatText(value.value);
  if (value instanceof PyComplex) return raise('complex is not JSON serializable');
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  const members: string[] = [];
  for (const [key, member] of value instanceof Map ? value : Object.entries(value as object)) {
    if (member !== undefined) members.push(`${text(key)}:${writeJson(member)}`);
  }
  return `{${members.join(',')}}`;
};

const text = (value: string): string =>
  LONE_SURROGATE.test(value) ? raise('surrogates not allowed') : JSON.stringify(value);

const longInteger = (value: bigint): string =>
  value >= TOO_LONG || value <= -TOO_LONG ? raise('integer too long') : value.toString();
