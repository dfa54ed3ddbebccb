import { asIndex, isDict, isInteger, type PyDict, PyFloat, type PyValue, raise } from '../python/values.js';

/** A member the command cannot do without: the reference server raises when it is missing. */
export const required = (args: PyDict, name: string): PyValue => {
  const value = args.get(name);
  return value === undefined ? raise(`no ${name}`) : value;
};

/** The elements of what Python can iterate over: a list, the keys of a dict, the letters of a text. */
export const iterate = (value: PyValue): readonly PyValue[] => {
  if (Array.isArray(value)) return value;
  if (isDict(value)) return [...value.keys()];
  return typeof value === 'string' ? [...value] : raise('not iterable');
};

/** Location ids of a list that may hold anything. Fractions name no location and are left out; texts and lists raise. */
export const locationIds = (value: PyValue): readonly number[] => {
  const ids: number[] = [];
  for (const element of iterate(value)) {
    if (!isInteger(element) && !(element instanceof PyFloat)) raise('not a location');
    const id = asIndex(element);
    if (id !== undefined) ids.push(id);
  }
  return ids;
};

/** Whether Python calls a value true. */
export const truthy = (value: PyValue | undefined): boolean => {
  if (value === undefined || value === null) return false;
  if (value instanceof PyFloat) return value.value !== 0;
  if (Array.isArray(value)) return value.length > 0;
  return isDict(value) ? value.size > 0 : Boolean(value);
};
