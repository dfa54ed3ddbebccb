import type { DeviceListing } from '@causeway/bridge/device';
import { consoleKey } from './console-key.js';

/** One console, and every way to it. */
export interface FoundConsole {
  /** What `devices` shows: the way that is taken, with the others in `detail`. */
  readonly listing: DeviceListing;
  /** Ways that can be taken, the best first. */
  readonly ways: readonly DeviceListing[];
}

/** Lists each console once. `listings` stand in order of preference. */
export const mergeListings = (listings: readonly DeviceListing[]): readonly FoundConsole[] => {
  const groups = new Map<string, DeviceListing[]>();
  const known = listings.flatMap((listing) => consoleKey(listing) ?? []);
  for (const listing of listings) {
    const key = settle(consoleKey(listing) ?? listing.uri, known);
    groups.set(key, [...(groups.get(key) ?? []), listing]);
  }
  const consoles = [...groups.values()].map(foundConsole);
  // A server without a console is worth a word only where there is nothing else.
  const found = consoles.filter(({ listing }) => listing.state === 'ready');
  const isServer = ({ listing }: FoundConsole): boolean =>
    consoleKey(listing) === undefined && listing.state === 'silent';
  return found.length > 0 ? consoles.filter((console) => !isServer(console)) : consoles;
};

/** QUsb2Snes names an NWA emulator without its port: where that machine shows only one, that one is meant. */
const settle = (key: string, known: readonly string[]): string => {
  if (!key.endsWith(':?')) return key;
  const machine = key.slice(0, -1);
  const candidates = new Set(known.filter((other) => other !== key && other.startsWith(machine)));
  const [only] = candidates;
  return only !== undefined && candidates.size === 1 ? only : key;
};

const foundConsole = (group: readonly DeviceListing[]): FoundConsole => {
  const [first] = group;
  const ready = group.filter(({ state }) => state === 'ready');
  // Who looks at the emulator itself knows better than a server in between that it cannot be used.
  const chosen = first?.state === 'incompatible' ? first : (ready[0] ?? first);
  if (!chosen) throw new RangeError('A console without a way to it.');
  const others = group.filter((listing) => listing !== chosen);
  return { listing: describe(chosen, others), ways: chosen.state === 'ready' ? ready : [] };
};

const describe = (chosen: DeviceListing, others: readonly DeviceListing[]): DeviceListing => {
  if (others.length === 0) return chosen;
  const also = `also at ${others.map(({ uri }) => uri).join(', ')}`;
  const system = chosen.system ?? others.find((other) => other.system)?.system;
  const rom = chosen.rom ?? others.find((other) => other.rom)?.rom;
  return {
    ...chosen,
    ...(system ? { system } : {}),
    ...(rom ? { rom } : {}),
    detail: chosen.detail ? `${chosen.detail}; ${also}` : also,
  };
};
