/**
 * Values as the reference server sees them: it is written in Python, keeps integers and floats apart, and its data
 * storage shows that on the wire (`storage-numbers`, `storage-ops`).
 */

/** A Python float. Plain numbers and bigints are integers. */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** What a negative number to a fractional power is in Python. JSON has no form for it. */
export class PyComplex {
  readonly real: number;
  readonly imaginary: number;

  constructor(real: number, imaginary: number) {
    this.real = real;
    this.imaginary = imaginary;
  }
}

/** A dict. A Map, because the order of keys such as "3", "1" matters and `__proto__` is a key like any other. */
export type PyDict = Map<string, PyValue>;

/** Integers are `number` while safe and `bigint` beyond. Lists and dicts are changed in place, as in Python. */
export type PyValue = null | boolean | number | bigint | string | PyFloat | PyComplex | PyValue[] | PyDict;

/** Where the reference server raises: it then drops the connection that asked, in silence (close 1000). */
export class PythonError extends Error {
  override readonly name = 'PythonError';
}

/** Ends the current command as an exception in the reference server would. */
export const raise = (message: string): never => {
  throw new PythonError(message);
};

export const isDict = (value: unknown): value is PyDict => value instanceof Map;

/** An integer in its shortest form: `number` where that is exact. */
export const integer = (value: bigint): number | bigint => {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
};

/** Whether Python would take it as an integer; booleans count. */
export const isInteger = (value: PyValue | undefined): value is boolean | number | bigint =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';

/**
 * Sets and dict keys compare 1, 1.0 and True as equal. The number meant, when it is a safe integer.
 */
export const asIndex = (value: PyValue): number | undefined => {
  const number = value instanceof PyFloat ? value.value : typeof value === 'boolean' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
};
