/** Makes two server messages comparable: numbers by their exact text, sets in one order, volatile fields out. */

type Value = null | boolean | string | readonly Value[] | { readonly [key: string]: Value };

const TOKEN = /"(?:[^"\\]|\\.)*"|-?(?:Infinity|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|NaN/g;

/** Every number becomes a text, so that 7 and 7.0, and integers of any size, stay apart. */
const parseExactly = (text: string): Value =>
  JSON.parse(text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"#${token}"`))) as Value;

const isObject = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (value: Value): Value =>
  Array.isArray(value) ? [...value].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value;

const keysSorted = (value: Value): Value => {
  if (Array.isArray(value)) return value.map(keysSorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, keysSorted(member)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

const HINTS = /^_read_hints_/;

/** What the vectors' README lists as volatile. */
const settled = (packet: Value): Value => {
  if (!isObject(packet)) return packet;
  const change = (fields: Readonly<Record<string, Value>>): Value => ({ ...packet, ...fields });
  switch (packet['cmd']) {
    case 'RoomInfo':
      return change({ time: '#', games: sorted(packet['games'] ?? null) });
    case 'ConnectionRefused':
      return change({ errors: sorted(packet['errors'] ?? null) });
    case 'RoomUpdate':
      return 'checked_locations' in packet
        ? change({ checked_locations: sorted(packet['checked_locations'] ?? null) })
        : packet;
    case 'SetReply':
      return HINTS.test(String(packet['key'])) ? change({ value: sorted(packet['value'] ?? null) }) : packet;
    case 'Retrieved':
      return change({ keys: settledKeys(packet['keys'] ?? {}) });
    default:
      return packet;
  }
};

const settledKeys = (keys: Value): Value =>
  isObject(keys)
    ? Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, HINTS.test(key) ? sorted(value) : value]))
    : keys;

/** A server message in one spelling; equal texts mean equal messages. */
export const canonical = (text: string): string => {
  const packets = keysSorted(parseExactly(text));
  const all = Array.isArray(packets) ? packets.map(settled) : packets;
  // How many stars hide an admin password is random.
  return JSON.stringify(all).replace(/(!admin login )\*+/g, '$1*');
};
