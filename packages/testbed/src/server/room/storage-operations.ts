import {
  add,
  and,
  ceil,
  floor,
  leftShift,
  modulo,
  multiply,
  or,
  power,
  rightShift,
  xor,
} from '../python/arithmetic.js';
import { equal, hashKey, hashSet, lessThan } from '../python/compare.js';
import { isDict, isInteger, type PyDict, type PyValue, raise } from '../python/values.js';
import { iterate } from './arguments.js';

type Operation = (current: PyValue, value: PyValue) => PyValue;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  replace: (_, value) => value,
  default: (current) => current,
  add,
  mul: multiply,
  pow: power,
  mod: modulo,
  floor: (current) => floor(current),
  ceil: (current) => ceil(current),
  max: (current, value) => (lessThan(current, value) ? value : current),
  min: (current, value) => (lessThan(value, current) ? value : current),
  and,
  or,
  xor,
  left_shift: leftShift,
  right_shift: rightShift,
  remove: (current, value) => removeElement(current, value),
  pop: (current, value) => popElement(current, value),
  update: (current, value) => updateContainer(current, value),
};

/** Runs one operation of a `Set` (`archipelago.md` §11.2). Raises where Python would; containers change in place. */
export const applyOperation = (name: PyValue, current: PyValue, value: () => PyValue): PyValue => {
  const operation = typeof name === 'string' && Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  return operation ? operation(current, value()) : raise('unknown operation');
};

const removeElement: Operation = (current, value) => {
  if (!Array.isArray(current)) return raise('not a list');
  const at = current.findIndex((element) => equal(element, value));
  if (at >= 0) current.splice(at, 1);
  return current;
};

const popElement: Operation = (current, value) => {
  if (isDict(current)) {
    hashKey(value);
    if (typeof value === 'string') current.delete(value);
    return current;
  }
  if (!Array.isArray(current)) return raise('not a container');
  if (!isInteger(value)) return raise('index is no integer');
  const index = Number(value);
  const at = index < 0 ? index + current.length : index;
  if (at >= 0 && at < current.length) current.splice(at, 1);
  return current;
};

const updateContainer: Operation = (current, value) => {
  if (Array.isArray(current)) return appendNew(current, value);
  return isDict(current) ? merge(current, value) : raise('not a container');
};

/** Appends what was not there before; equal elements of one update are all appended. */
const appendNew = (list: PyValue[], value: PyValue): PyValue => {
  const present = hashSet(list);
  list.push(...iterate(value).filter((element) => !present.has(hashKey(element))));
  return list;
};

/** From another dict, or from a list of pairs. */
const merge = (dict: PyDict, value: PyValue): PyValue => {
  if (isDict(value)) {
    for (const [key, member] of value) dict.set(key, member);
    return dict;
  }
  for (const pair of iterate(value)) {
    const [key, member, ...rest] = iterate(pair);
    if (typeof key !== 'string' || member === undefined || rest.length > 0) return raise('not a pair');
    dict.set(key, member);
  }
  return dict;
};
