import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Region } from '@causeway/bridge/device';
import { describe, expect, it } from 'vitest';
import { LOCATIONS, SPARKS_NEEDED, STAGES } from './facts.js';
import { BAG_SIZE, COMMANDS, MAGIC, SAVE_MAGIC, STATE } from './memory-map.js';

const source = readFileSync(fileURLToPath(new URL('../../snes/marshlight.s', import.meta.url)), 'utf8');
const number = (text: string): number => (text.startsWith('$') ? Number.parseInt(text.slice(1), 16) : Number(text));

/** `NAME = API+$xx` and `NAME = value` lines of the assembly source. */
const places = new Map(
  [...source.matchAll(/^([A-Z_]+) *= *API\+(\$[0-9A-F]+)/gm)].map(([, name = '', at = '']) => [
    name,
    0x1000 + number(at),
  ]),
);
const values = new Map(
  [...source.matchAll(/^([A-Z_]+) *= *(\$[0-9A-F]+|\d+)\b/gm)].map(([, name = '', at = '']) => [name, number(at)]),
);

const NAMES: Readonly<Record<string, Pick<Region, 'domain' | 'offset'>>> = {
  MAGIC: STATE.magic,
  FRAMES: STATE.frames,
  MODE: STATE.mode,
  HEALTH: STATE.health,
  BOOTS: STATE.boots,
  GOAL: STATE.goal,
  CHESTS: STATE.chests,
  AUTO: STATE.autoplay,
  MBOX: STATE.mailFull,
  MB_SEQ: STATE.mail,
  RECV: STATE.taken,
  REFUSED: STATE.refused,
  COMMAND: STATE.command,
  ARG: STATE.argument,
  DEATHS: STATE.deaths,
  KILL: STATE.kill,
  OWNER: STATE.ownerName,
};

describe('the memory map', () => {
  it.each(Object.entries(NAMES))('%s is where the game keeps it', (name, { domain, offset }) => {
    expect([domain, places.get(name)]).toEqual(['WRAM', offset]);
  });

  it('reads everything it names with the head', () => {
    const end = STATE.head.offset + STATE.head.size;
    for (const { offset, size } of Object.values(STATE)) {
      expect(offset).toBeGreaterThanOrEqual(STATE.head.offset);
      expect(offset + size).toBeLessThanOrEqual(end);
    }
  });

  it('has the numbers of the source', () => {
    expect(values.get('STAGES')).toBe(STAGES.length);
    expect(values.get('SPARKS')).toBe(SPARKS_NEEDED);
    expect(values.get('FULL')).toBe(2 ** (LOCATIONS.length / STAGES.length) - 1);
    expect(values.get('BAG')).toBe(BAG_SIZE);
    expect(values.get('OWNER_SIZE')).toBe(STATE.ownerName.size + STATE.ownerSeed.size);
    expect(STATE.ownerSeed.offset).toBe(STATE.ownerName.offset + STATE.ownerName.size);
    expect(values.get('CMD_OPEN')).toBe(COMMANDS.open);
    expect(values.get('CMD_DIE')).toBe(COMMANDS.die);
    expect(values.get('CMD_WIPE')).toBe(COMMANDS.wipe);
    expect(source).toContain(`"${MAGIC}", 0`);
    expect(source).toContain(`savemagic: .byte "${SAVE_MAGIC}"`);
  });
});
