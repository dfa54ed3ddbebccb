import { hashKey } from '../python/compare.js';
import { isDict, type PyDict, type PyValue, raise } from '../python/values.js';
import { required, truthy } from './arguments.js';
import type { Client } from './client.js';
import { READ_PREFIX, readOnlyValue } from './read-only-keys.js';
import { refuse } from './refusal.js';
import type { RoomContext } from './room-context.js';
import { applyOperation } from './storage-operations.js';

/** `Get`: the values of keys, with every other field of the request echoed. */
export const getValues = (room: RoomContext, client: Client, args: PyDict): void => {
  const keys = args.get('keys');
  if (!Array.isArray(keys)) {
    refuse(room, client, 'Get', 'Retrieve');
    return;
  }
  const values = keys.map((key) => {
    if (typeof key !== 'string') return raise('key is no text');
    const value = key.startsWith(READ_PREFIX) ? readOnlyValue(room, key) : room.state.stored.get(key);
    return [key, value ?? null] as const;
  });
  room.outbox.reply(client, new Map<string, unknown>([...args, ['cmd', 'Retrieved'], ['keys', new Map(values)]]));
};

/** `SetNotify`: tells the client of every later change of these keys. */
export const watchKeys = (room: RoomContext, client: Client, args: PyDict): void => {
  const keys = args.get('keys');
  if (!Array.isArray(keys)) {
    refuse(room, client, 'SetNotify', 'SetNotify');
    return;
  }
  for (const key of keys) {
    if (typeof key === 'string') room.subscribe(client, key);
    // A key that is no text is never written; only what cannot be a key at all raises.
    else hashKey(key);
  }
};

/**
 * `Set`: runs operations on a key in order and tells whoever watches.
 *
 * Lists and dicts are changed in place, by the stored value, the `default` and an operation's `value` alike, as in the
 * reference server: what an operation did before a later one raises stays done.
 */
export const setValue = (room: RoomContext, client: Client, args: PyDict): void => {
  const key = args.get('key');
  const operations = args.get('operations');
  if (key === undefined) {
    refuse(room, client, 'Set', 'Set');
    return;
  }
  if (typeof key !== 'string') {
    raise('key is no text');
    return;
  }
  if (key.startsWith(READ_PREFIX) || !Array.isArray(operations)) {
    refuse(room, client, 'Set', 'Set');
    return;
  }
  const { stored } = room.state;
  const before = firstPresent(stored.get(key), args.get('default'));
  args.set('cmd', 'SetReply');
  args.set('original_value', shallowCopy(before));
  args.set('slot', client.slot);
  let value: PyValue = before;
  for (const operation of operations) {
    if (!isDict(operation)) {
      raise('operation is no dict');
      return;
    }
    value = applyOperation(required(operation, 'operation'), value, () => required(operation, 'value'));
  }
  stored.set(key, value);
  args.set('value', value);
  const listeners = new Set(room.subscribers.get(key));
  if (truthy(args.get('want_reply'))) listeners.add(client);
  room.outbox.post(listeners, [args]);
};

/** `null` is a value like any other; only what is absent falls through, to 0 in the end. */
const firstPresent = (stored: PyValue | undefined, fallback: PyValue | undefined): PyValue => {
  if (stored !== undefined) return stored;
  return fallback === undefined ? 0 : fallback;
};

const shallowCopy = (value: PyValue): PyValue => {
  if (Array.isArray(value)) return [...value];
  return isDict(value) ? new Map(value) : value;
};
