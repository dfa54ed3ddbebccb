import { escapeUnprintable } from './printable.js';
import type { Secrets } from './secrets.js';

/** Fields whose values are words of our own surface: programs compare them, so no secret can be in them. */
const FIXED_WORDS = new Set(['event', 'time', 'code', 'state', 'driver']);

const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** Sets become arrays, bytes hex, errors their message; integers JSON readers would round become text. */
const toJson = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return toHex(value);
  if (value instanceof Set) return [...value];
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Error) return value.message;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
};

/** One object as one line of JSON, without its line end. Circular values become the text `[circular]`. */
export const jsonLine = (value: object, secrets?: Secrets): string => {
  const ancestors: unknown[] = [];
  const line = JSON.stringify(value, function (this: unknown, key: string, member: unknown) {
    while (ancestors.length > 0 && ancestors.at(-1) !== this) ancestors.pop();
    const plain = toJson(member);
    if (typeof plain === 'string') return secrets && !FIXED_WORDS.has(key) ? secrets.hide(plain) : plain;
    if (typeof plain !== 'object' || plain === null) return plain;
    if (ancestors.includes(plain)) return '[circular]';
    ancestors.push(plain);
    return plain;
  });
  return escapeUnprintable(line);
};
