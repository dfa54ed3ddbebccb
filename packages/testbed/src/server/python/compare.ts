import { isDict, isInteger, PyComplex, PyFloat, type PyValue, raise } from './values.js';

const numeric = (value: PyValue): number | bigint | undefined => {
  if (value instanceof PyFloat) return value.value;
  return isInteger(value) ? (typeof value === 'boolean' ? Number(value) : value) : undefined;
};

/** Python's `==`: 1, 1.0 and True are equal, containers compare by content. */
export const equal = (left: PyValue, right: PyValue): boolean => {
  if (left === right) return true;
  const a = numeric(left);
  const b = numeric(right);
  // Loose on purpose: a bigint equals a number of the same value.
  // biome-ignore lint/suspicious/noDoubleEquals: see above
  if (a !== undefined && b !== undefined) return a == b;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, index) => equal(value, right[index] ?? null));
  }
  if (!isDict(left) || !isDict(right) || left.size !== right.size) return false;
  return [...left].every(([key, value]) => {
    const other = right.get(key);
    return other !== undefined && equal(value, other);
  });
};

/** Python's `<`: raises for values that have no order. */
export const lessThan = (left: PyValue, right: PyValue): boolean => {
  const a = numeric(left);
  const b = numeric(right);
  if (a !== undefined && b !== undefined) return a < b;
  if (typeof left === 'string' && typeof right === 'string') return textBefore(left, right);
  if (!Array.isArray(left) || !Array.isArray(right)) return raise('no order between these values');
  for (const [index, value] of left.entries()) {
    const other = right[index];
    if (other === undefined) return false;
    if (!equal(value, other)) return lessThan(value, other);
  }
  return left.length < right.length;
};

/** By code point, as Python does; JavaScript compares halves of surrogate pairs. */
const textBefore = (left: string, right: string): boolean => {
  const a = [...left];
  const b = [...right];
  for (const [index, char] of a.entries()) {
    const other = b[index];
    if (other === undefined) return false;
    if (char !== other) return (char.codePointAt(0) ?? 0) < (other.codePointAt(0) ?? 0);
  }
  return a.length < b.length;
};

/** Whether a value may be an element of a Python set. */
const isHashable = (value: PyValue): boolean => !Array.isArray(value) && !isDict(value);

/** Equal values have equal keys, among hashable ones. */
export const hashKey = (value: PyValue): string => {
  if (!isHashable(value)) return raise('unhashable');
  if (typeof value === 'string') return `s${value}`;
  if (value instanceof PyComplex) return `c${value.real},${value.imaginary}`;
  const number = numeric(value);
  if (number === undefined) return 'None';
  const whole = typeof number === 'number' && Number.isInteger(number) ? BigInt(number) : number;
  return `n${whole}`;
};

/** A Python set of any values, by {@link hashKey}. */
export const hashSet = (values: Iterable<PyValue>): ReadonlySet<string> => new Set([...values].map(hashKey));
