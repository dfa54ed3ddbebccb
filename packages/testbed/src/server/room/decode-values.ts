import { HintStatus } from '@causeway/protocol/archipelago';
import { isDict, type PyDict, type PyValue, raise } from '../python/values.js';
import type { Hint, Version } from './room-definition.js';

/** Reading typed parts out of decoded files. All raise on what does not fit. */

export const numberIn = (value: PyValue | undefined): number =>
  typeof value === 'number' ? value : raise('no number');

export const textIn = (value: PyValue | undefined): string => (typeof value === 'string' ? value : raise('no text'));

export const listIn = (value: PyValue | undefined): readonly PyValue[] =>
  Array.isArray(value) ? value : raise('no list');

export const dictIn = (value: PyValue | undefined): PyDict => (isDict(value) ? value : raise('no object'));

export const numbersIn = (value: PyValue | undefined): readonly number[] => listIn(value).map(numberIn);

/** Entries of a dict whose keys are numbers written as text. */
export const numbered = (value: PyValue | undefined): readonly (readonly [number, PyValue])[] =>
  [...dictIn(value)].map(([key, member]) => {
    const number = Number(key);
    return Number.isSafeInteger(number) ? ([number, member] as const) : raise(`'${key}' is no number`);
  });

export const versionIn = (value: PyValue | undefined): Version => {
  const [major = 0, minor = 0, build = 0] = numbersIn(value);
  return { major, minor, build };
};

const STATUSES: readonly number[] = Object.values(HintStatus);
const statusIn = (value: PyValue | undefined): HintStatus => {
  const status = numberIn(value);
  return STATUSES.includes(status) ? (status as HintStatus) : raise(`${status} is no hint status`);
};

/** A hint as the wire has it. */
export const hintFromWire = (value: PyValue): Hint => {
  const hint = dictIn(value);
  return {
    receiver: numberIn(hint.get('receiving_player')),
    finder: numberIn(hint.get('finding_player')),
    location: numberIn(hint.get('location')),
    item: numberIn(hint.get('item')),
    found: hint.get('found') === true,
    entrance: textIn(hint.get('entrance')),
    flags: numberIn(hint.get('item_flags')),
    status: statusIn(hint.get('status')),
  };
};

/** A hint as a decoded room file lists it: its fields in order. */
export const hintFromFields = (fields: readonly PyValue[]): Hint => {
  const [receiver, finder, location, item, found, entrance, flags, status] = fields;
  return {
    receiver: numberIn(receiver),
    finder: numberIn(finder),
    location: numberIn(location),
    item: numberIn(item),
    found: found === true,
    entrance: textIn(entrance),
    flags: numberIn(flags),
    status: statusIn(status),
  };
};
