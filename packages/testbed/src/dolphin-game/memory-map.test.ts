import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COGS_NEEDED, ITEMS, STAGES } from './facts.js';
import { encodeMail } from './mail.js';
import {
  BAG_SIZE,
  COMMANDS,
  FREE,
  IDENT,
  MEM1_BASE,
  PLACES,
  PLAYER,
  SCENES,
  STATE,
  STATS,
  TYPES,
} from './memory-map.js';

const source = readFileSync(fileURLToPath(new URL('../../dolphin/src/layout.h', import.meta.url)), 'utf8');

/** `#define NAME value` lines of the C source. */
const defines = new Map(
  [...source.matchAll(/^#define ([A-Z][A-Z0-9_]*) +(0x[0-9A-Fa-f]+|\d+)u?\b/gm)].map(([, name = '', value]) => [
    name,
    Number(value),
  ]),
);

/** `stageChests` is `STAGE_CHESTS` in C. */
const inC = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
const STATE_AT = STATE.head.offset;
const RENAMED: Readonly<Record<string, string>> = { expected: 'O_EXPECTED', types: 'O_TYPES' };

describe('the memory map', () => {
  it.each(Object.entries(STATE).filter(([name]) => name !== 'head'))('%s is where the game keeps it', (name, place) => {
    expect(defines.get(RENAMED[name] ?? `O_${inC(name)}`)).toBe(place.offset - STATE_AT);
  });

  it('names every place there is', () => {
    const places = [...defines.keys()].filter((name) => name.startsWith('O_'));
    expect(places).toHaveLength(Object.keys(STATE).length - 1);
  });

  it('reads all that is looked at while playing in one piece', () => {
    const parts = [
      STATE.magic,
      STATE.scene,
      STATE.stageChests,
      STATE.chests,
      STATE.goal,
      STATE.give,
      STATE.mail,
      STATE.player,
    ];
    for (const { offset, size } of parts) {
      expect(offset).toBeGreaterThanOrEqual(STATE.head.offset);
      expect(offset + size).toBeLessThanOrEqual(STATE.head.offset + STATE.head.size);
    }
  });

  it.each(Object.entries(IDENT).filter(([name]) => !['block', 'head'].includes(name)))(
    'finds %s in the identification block',
    (name, place) => expect(defines.get(`I_${inC(name)}`)).toBe(place.offset - IDENT.block.offset),
  );

  it('shares its numbers with the game', () => {
    expect(defines.get('STATE')).toBe(MEM1_BASE + STATE_AT);
    expect(defines.get('IDENT')).toBe(MEM1_BASE + IDENT.block.offset);
    expect(defines.get('SAVE_SLOT')).toBe(PLACES.saveSlot);
    expect(defines.get('ARAM_STAGE')).toBe(PLACES.aramStage);
    expect(defines.get('STATE_IN_MEM2')).toBe(PLACES.stateInMem2);
    expect(defines.get('P_STATS')).toBe(PLAYER.stats);
    expect(defines.get('P_NO_POINTER')).toBe(PLAYER.noPointer);
    expect(defines.get('S_HEALTH')).toBe(STATS.health);
    expect(defines.get('S_FLOAT')).toBe(STATS.float);
    expect(defines.get('S_FRAME')).toBe(STATS.frame);
    expect(defines.get('BAG_SIZE')).toBe(BAG_SIZE);
    expect(defines.get('FREE')).toBe(FREE);
    for (const [name, value] of Object.entries(SCENES)) expect(defines.get(`SC_${inC(name)}`)).toBe(value);
    for (const [name, value] of Object.entries(COMMANDS)) expect(defines.get(`CMD_${inC(name)}`)).toBe(value);
    expect(encodeMail(0, 0)[0]).toBe(defines.get('MAIL_CHECK'));
    expect(TYPES.unaligned.at % 4).toBe(1);
  });

  it('shares the rules of the game', () => {
    expect(defines.get('COGS_NEEDED')).toBe(COGS_NEEDED);
    expect(defines.get('STAGES')).toBe(STAGES.length);
    expect(STAGES.every(({ chests }) => chests.length === defines.get('CHESTS_PER_STAGE'))).toBe(true);
    expect(defines.get('LAST_ITEM')).toBe(Math.max(...ITEMS.map(({ code }) => code)));
    for (const name of ['Lantern', 'Ladder', 'Boat', 'Cog', 'Thorn Trap']) {
      const code = ITEMS.find((item) => item.name === name)?.code;
      expect(defines.get(`ITEM_${name.replace(' ', '_').toUpperCase()}`), name).toBe(code);
    }
  });
});
