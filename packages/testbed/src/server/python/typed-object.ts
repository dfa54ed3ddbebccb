import { isDict, type PyDict, PyFloat, type PyValue, raise } from './values.js';

interface TypedFields {
  readonly required: readonly string[];
  readonly optional: readonly (readonly [string, PyValue])[];
}

/** Objects the reference server rebuilds when it reads them, with what it fills in (`archipelago.md` §2). */
const TYPED: Readonly<Record<string, TypedFields>> = {
  NetworkItem: { required: ['item', 'location', 'player'], optional: [['flags', 0]] },
  NetworkPlayer: { required: ['team', 'slot', 'alias', 'name'], optional: [] },
  NetworkSlot: { required: ['name', 'game', 'type'], optional: [['group_members', []]] },
};

/** Turns an object that carries `class` into what the reference server makes of it. Raises where it raises. */
export const typedObject = (dict: PyDict): PyDict => {
  const name = dict.get('class');
  if (isDict(name) || Array.isArray(name)) return raise('unhashable class');
  if (name === 'Version') return version(dict);
  const fields = typeof name === 'string' && Object.hasOwn(TYPED, name) ? TYPED[name] : undefined;
  if (!fields) return dict;
  const typed: PyDict = new Map();
  for (const field of fields.required) typed.set(field, member(dict, field));
  for (const [field, fallback] of fields.optional) {
    typed.set(field, dict.get(field) ?? (Array.isArray(fallback) ? [] : fallback));
  }
  return typed.set('class', name ?? null);
};

/** Names may be capitalised: .NET clients write them so (`refused-version`). */
const version = (dict: PyDict): PyDict => {
  const lower: PyDict = new Map([...dict].map(([key, value]) => [key.toLowerCase(), value]));
  const parts = (['major', 'minor', 'build'] as const).map((key) => [key, wholeNumber(member(lower, key))] as const);
  return new Map<string, PyValue>([...parts, ['class', 'Version']]);
};

const member = (dict: PyDict, key: string): PyValue => {
  const value = dict.get(key);
  return value === undefined ? raise(`no ${key}`) : value;
};

const wholeNumber = (value: PyValue): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof PyFloat && Number.isFinite(value.value)) return Math.trunc(value.value);
  if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
  return raise('not a number');
};
