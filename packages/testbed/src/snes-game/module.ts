import {
  type Frame,
  flaggedLocations,
  type GameModule,
  type Identification,
  type MemoryView,
  mailboxDelivery,
  type ReadPlan,
  readCell,
  type Snapshot,
  type StepResult,
  viewMemory,
} from '@causeway/bridge/game';
import type { ReceivedItem, Room } from '@causeway/bridge/multiworld';
import { type DeathState, deathEffects, hearOfDeaths } from './death-link.js';
import { GAME, ITEMS, LOCATIONS } from './facts.js';
import { type CartridgeIdent, IDENT_SIZE, type IdentReading, readIdent } from './identification.js';
import { MAGIC, MODES, STATE, UNKNOWN_ITEM } from './memory-map.js';

const CODE_OF_ITEM = new Map(ITEMS.map(({ id, code }) => [id, code]));
const LOCATION_OF_FLAG = new Map(LOCATIONS.map(({ flag, id }) => [flag, id]));
const MAGIC_BYTES = new TextEncoder().encode(MAGIC);

/** Where the identification stands in the ROM, by how the cartridge is laid out. */
const PROBE = {
  lorom: { domain: 'ROM', offset: 0x6000, size: IDENT_SIZE },
  hirom: { domain: 'ROM', offset: 0xe000, size: IDENT_SIZE },
} as const;

const REGIONS: ReadPlan['regions'] = { state: STATE.head };

const isUp = (memory: MemoryView): boolean =>
  MAGIC_BYTES.every((byte, index) => memory.bytes(STATE.magic)[index] === byte);

const isPlaying = (memory: MemoryView): boolean => {
  const mode = readCell(memory, STATE.mode);
  return isUp(memory) && (mode === MODES.playing || mode === MODES.dead);
};

/** Number, code and sender; see `STATE.mail`. */
const encodeMail = ({ item, index, player }: ReceivedItem): Uint8Array => {
  const mail = new DataView(new ArrayBuffer(6));
  mail.setUint16(0, (index + 1) & 0xffff, true);
  mail.setUint16(2, CODE_OF_ITEM.get(item) ?? UNKNOWN_ITEM, true);
  mail.setUint16(4, player & 0xffff, true);
  return new Uint8Array(mail.buffer);
};

/**
 * Numbered, and counted by the game: whatever becomes of a write, each entry is taken once. The flag goes last, in a write of its
 * own: on devices that write in several steps the game must not see it before the rest.
 */
const delivery = mailboxDelivery({
  counter: STATE.taken,
  advancedBy: 'game',
  reads: [STATE.head],
  ready: (memory) => readCell(memory, STATE.mode) === MODES.playing && readCell(memory, STATE.mailFull) === 0,
  writes: (item) => [
    { at: STATE.mail, data: encodeMail(item) },
    { at: STATE.mailFull, data: Uint8Array.of(1) },
  ],
});

const identityOf = ({ slotName, seed, deathLink }: CartridgeIdent): Identification => ({
  match: 'yes',
  identity: {
    title: `${GAME} for ${slotName}`,
    slotName,
    // Chests never hold their item themselves: everything comes through the server.
    itemsHandling: 7,
    ...(seed === '' ? {} : { seed }),
    ...(deathLink ? { tags: ['DeathLink'] } : {}),
  },
});

const near = (reason: string, fix: string): Identification => ({ match: 'near', reason, fix });

const identificationOf = (reading: IdentReading): Identification => {
  switch (reading.kind) {
    case 'stamped':
      return identityOf(reading.ident);
    case 'unstamped':
      return near(`This copy of ${GAME} belongs to nobody yet.`, 'Load a copy that was made for your slot.');
    case 'damaged':
      return near(`The stamp of this ${GAME} does not fit its contents.`, 'Make the copy again.');
    case 'version':
      return near(`This ${GAME} was made by another version (${reading.version}).`, 'Make the copy again.');
    case 'foreign':
      return { match: 'no' };
  }
};

const readingOf = (probe: Snapshot): IdentReading => {
  const readings = [probe['lorom'], probe['hirom']].map((bytes) => readIdent(bytes ?? new Uint8Array(0)));
  return readings.find(({ kind }) => kind !== 'foreign') ?? { kind: 'foreign' };
};

const step = (frame: Frame, room: Room, before: DeathState): StepResult<DeathState> => {
  const memory = viewMemory(REGIONS, frame.snapshot);
  const heard = hearOfDeaths(frame, before);
  const count = readCell(memory, STATE.frames);
  if (!isPlaying(memory)) {
    const { deaths: _, ...state } = heard;
    return { state, effects: [], playing: false, frame: count };
  }
  const next = delivery.next({ memory, items: room.items, outcomes: frame.outcomes });
  const open = flaggedLocations(memory.bytes(STATE.chests), LOCATION_OF_FLAG);
  return {
    state: { ...heard, deaths: readCell(memory, STATE.deaths) },
    playing: true,
    received: delivery.received(memory) ?? 0,
    frame: count,
    effects: [
      { kind: 'check', locations: open.filter((id) => room.locations.has(id)) },
      ...(readCell(memory, STATE.goal) === 1 ? [{ kind: 'goal' } as const] : []),
      ...deathEffects(memory, heard, frame.time, room.slotName),
      ...(next ? [next] : []),
    ],
  };
};

/** How Causeway plays Marshlight, whatever serves the console. */
export const module: GameModule<DeathState> = {
  id: 'marshlight',
  game: GAME,
  systems: ['SNES'],
  probe: PROBE,
  identify: (probe) => identificationOf(readingOf(probe)),
  start: ({ tags = [] }) => ({ shared: tags.includes('DeathLink'), killDue: false }),
  plan: () => ({ regions: REGIONS }),
  step,
};
