import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Region } from '@causeway/bridge/device';
import { describe, expect, it } from 'vitest';
import { EMBERS_NEEDED, ITEMS, LOCATIONS } from './facts.js';
import { DEATH_CAUSES, RAM, STATES, WRAM } from './memory-map.js';

const source = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../game/src/${name}`, import.meta.url)), 'utf8');

const value = (text: string): number => {
  if (text.startsWith('$')) return Number.parseInt(text.slice(1), 16);
  return text.startsWith("'") ? text.charCodeAt(1) : Number(text);
};

/** `NAME = value` lines of the assembly source. */
const equates = new Map(
  [...source('memory.inc').matchAll(/^([A-Z_]+) *= *(\$[0-9A-F]+|'.'|\d+)/gm)].map((match) => [
    match[1] ?? '',
    value(match[2] ?? ''),
  ]),
);

/** The names the source gives to the places others may use. */
const NAMES: Readonly<Record<string, Region>> = {
  STATE: RAM.state,
  ROOM: RAM.room,
  CELL: RAM.cell,
  AUTOPILOT: RAM.autopilot,
  DYING: RAM.dying,
  CHESTS: RAM.chests,
  FRAMES: RAM.frames,
  MAIL_FULL: RAM.mailFull,
  MAIL_ITEM: RAM.mailItem,
  MAIL_INDEX: RAM.mailIndex,
  KILL: RAM.kill,
  INVENTORY: RAM.inventory,
  SAVE_MAGIC: WRAM.magic,
  SAVE_STAMP: WRAM.stamp,
  CHEST_FLAGS: WRAM.chestFlags,
  GOAL: WRAM.goal,
  TAKEN: WRAM.taken,
  RECEIVED: WRAM.received,
  INBOX: WRAM.inbox,
  SAVED_ROOM: WRAM.savedRoom,
  DEATHS: WRAM.deaths,
  LINK_DEATHS: WRAM.linkDeaths,
  DEATH_CAUSE: WRAM.deathCause,
  BAG: WRAM.bag,
  BAG_CHECK: WRAM.bagCheck,
};

describe('the memory map', () => {
  it.each(Object.entries(NAMES))('%s is where the game keeps it', (name, { domain, offset }) => {
    expect(equates.get(name)).toBe(offset + (domain === 'WRAM' ? 0x6000 : 0));
  });

  it('names every place there is', () => {
    const regions = [...Object.values(RAM), ...Object.values(WRAM)];
    expect(new Set(Object.values(NAMES))).toEqual(new Set(regions));
  });

  it('shares its numbers with the game', () => {
    expect(equates.get('ST_TITLE')).toBe(STATES.title);
    expect(equates.get('ST_PLAYING')).toBe(STATES.playing);
    expect(equates.get('ST_ENDING')).toBe(STATES.ending);
    expect(equates.get('CAUSE_SPIKES')).toBe(DEATH_CAUSES.spikes);
    expect(equates.get('CAUSE_WISP')).toBe(DEATH_CAUSES.wisp);
    expect(equates.get('EMBERS_NEEDED')).toBe(EMBERS_NEEDED);
    expect(equates.get('CHEST_COUNT')).toBe(LOCATIONS.length);
    const codes = { KEY: 'Brass Key', WADERS: 'Waders', AXE: 'Axe', EMBER: 'Ember', FEATHER: 'Feather', WARD: 'Ward' };
    for (const [name, item] of Object.entries({ ...codes, COIN: 'Coin', SNAIL: 'Snail Trap' })) {
      expect(equates.get(name), name).toBe(ITEMS.find((each) => each.name === item)?.code);
    }
  });
});
