import { integer, isInteger, PyComplex, PyFloat, type PyValue, raise } from './values.js';

/**
 * Largest integer kept, in bits. Python has no bound; a client that shifts by a billion would take the room down, so it is
 * dropped here instead.
 */
const MAX_BITS = 1 << 20;
/** Largest list or text that multiplication makes. */
const MAX_LENGTH = 1 << 20;

const big = (value: boolean | number | bigint): bigint => BigInt(value);
const bits = (value: bigint): number => value.toString(16).length * 4;
const bounded = (size: number): void => {
  if (size > MAX_BITS) raise('integer too large');
};

const isNumber = (value: PyValue): value is boolean | number | bigint | PyFloat =>
  isInteger(value) || value instanceof PyFloat;

const float = (value: boolean | number | bigint | PyFloat): number => {
  if (value instanceof PyFloat) return value.value;
  const number = Number(value);
  return Number.isFinite(number) ? number : raise('integer too large for a float');
};

const arithmetic = (
  left: PyValue,
  right: PyValue,
  integers: (a: bigint, b: bigint) => PyValue,
  floats: (a: number, b: number) => PyValue,
): PyValue => {
  if (!isNumber(left) || !isNumber(right)) return raise('unsupported operand types');
  if (isInteger(left) && isInteger(right)) return integers(big(left), big(right));
  return floats(float(left), float(right));
};

/** `left + right`: numbers, texts or lists. */
export const add = (left: PyValue, right: PyValue): PyValue => {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  return arithmetic(
    left,
    right,
    (a, b) => integer(a + b),
    (a, b) => new PyFloat(a + b),
  );
};

/** `left * right`: numbers, or a text or list repeated. */
export const multiply = (left: PyValue, right: PyValue): PyValue => {
  if ((typeof left === 'string' || Array.isArray(left)) && isInteger(right)) return repeat(left, big(right));
  if ((typeof right === 'string' || Array.isArray(right)) && isInteger(left)) return repeat(right, big(left));
  return arithmetic(
    left,
    right,
    (a, b) => {
      bounded(bits(a) + bits(b));
      return integer(a * b);
    },
    (a, b) => new PyFloat(a * b),
  );
};

const repeat = (value: string | PyValue[], times: bigint): PyValue => {
  const count = times < 0n ? 0 : Number(times);
  if (count * value.length > MAX_LENGTH) return raise('repeated too often');
  if (typeof value === 'string') return value.repeat(count);
  return Array.from({ length: count }, () => value).flat();
};

/** `left ** right`. A negative exponent makes a float, a root of a negative number a complex one. */
export const power = (left: PyValue, right: PyValue): PyValue =>
  arithmetic(
    left,
    right,
    (a, b) => {
      if (b < 0n) return floatPower(float(integer(a)), float(integer(b)));
      if (a * a > 1n) bounded(b > BigInt(MAX_BITS) ? Number.POSITIVE_INFINITY : bits(a) * Number(b));
      // A bare 0, 1 or -1 to a huge power needs no computing; the engine would refuse the exponent.
      return a * a <= 1n ? integer(b === 0n ? 1n : b % 2n === 0n ? a * a : a) : integer(a ** b);
    },
    floatPower,
  );

const floatPower = (a: number, b: number): PyValue => {
  if (a === 0 && b < 0) return raise('0.0 cannot be raised to a negative power');
  if (a === 1 || b === 0) return new PyFloat(1);
  // Python follows C here where JavaScript says NaN.
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return new PyFloat(1);
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) return complexPower(a, b);
  const result = a ** b;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) return raise('result too large');
  return new PyFloat(result);
};

const complexPower = (a: number, b: number): PyComplex => {
  const size = (-a) ** b;
  return new PyComplex(size * Math.cos(Math.PI * b), size * Math.sin(Math.PI * b));
};

/** `left % right`, with the sign of the divisor. */
export const modulo = (left: PyValue, right: PyValue): PyValue =>
  arithmetic(
    left,
    right,
    (a, b) => {
      if (b === 0n) return raise('modulo by zero');
      const rest = a % b;
      return integer(rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest);
    },
    (a, b) => {
      if (b === 0) return raise('modulo by zero');
      const rest = a % b;
      if (rest === 0) return new PyFloat(b < 0 ? -0 : 0);
      return new PyFloat(rest < 0 !== b < 0 ? rest + b : rest);
    },
  );

const rounded =
  (round: (value: number) => number) =>
  (value: PyValue): PyValue => {
    if (isInteger(value)) return integer(big(value));
    if (!(value instanceof PyFloat) || !Number.isFinite(value.value)) return raise('cannot be rounded');
    return integer(BigInt(round(value.value)));
  };

/** To the integer below; integers stay. */
export const floor = rounded(Math.floor);
/** To the integer above; integers stay. */
export const ceil = rounded(Math.ceil);

const bitwise =
  (operate: (a: bigint, b: bigint) => bigint) =>
  (left: PyValue, right: PyValue): PyValue => {
    if (!isInteger(left) || !isInteger(right)) return raise('integers only');
    const result = operate(big(left), big(right));
    return typeof left === 'boolean' && typeof right === 'boolean' ? result !== 0n : integer(result);
  };

export const and = bitwise((a, b) => a & b);
export const or = bitwise((a, b) => a | b);
export const xor = bitwise((a, b) => a ^ b);

const shift =
  (move: (a: bigint, by: bigint) => bigint) =>
  (left: PyValue, right: PyValue): PyValue => {
    if (!isInteger(left) || !isInteger(right)) return raise('integers only');
    const by = big(right);
    if (by < 0n) return raise('negative shift');
    return integer(move(big(left), by));
  };

export const leftShift = shift((a, by) => {
  if (a === 0n) return 0n;
  bounded(by > BigInt(MAX_BITS) ? Number.POSITIVE_INFINITY : bits(a) + Number(by));
  return a << by;
});
export const rightShift = shift((a, by) => (by > BigInt(MAX_BITS) ? (a < 0n ? -1n : 0n) : a >> by));
