import {
  type Delivery,
  type Effect,
  type Frame,
  flaggedLocations,
  type GameModule,
  type MemoryView,
  mailboxDelivery,
  type StepResult,
  viewMemory,
} from '@causeway/bridge/game';
import type { ReceivedItem, Room } from '@causeway/bridge/multiworld';
import { killEffects, killIsDue, ownDeath } from './death-link.js';
import { GAME, ITEMS, LOCATIONS } from './facts.js';
import { byteAt, byteCell, bytesTo, isPlaying, REGIONS } from './game-memory.js';
import { identify } from './identify.js';
import { BAG_SIZE, IDENT, RAM, UNKNOWN_ITEM, WRAM } from './memory-map.js';

/** What the module remembers between two looks. */
export type EmberwalkState = {
  /** Deaths the game had counted when last seen; absent before the first look and while nobody plays. */
  readonly deaths?: number;
  /** Somebody else died and the hero has not yet. */
  readonly killDue: boolean;
  /** It was said that the bag is full. */
  readonly toldFull: boolean;
};

const LOCATION_OF_FLAG = new Map(LOCATIONS.map(({ flag, id }) => [flag, id]));
const CODE_OF_ITEM = new Map(ITEMS.map(({ id, code }) => [id, code]));
const codeOf = ({ item }: ReceivedItem): number => CODE_OF_ITEM.get(item) ?? UNKNOWN_ITEM;

/**
 * The game counts: an item lies in the mailbox until it is in the bag, which counts it. The index that goes with it lets
 * the game tell the item it waits for from one it has already taken.
 */
const countedByGame = mailboxDelivery({
  counter: byteCell(WRAM.taken),
  advancedBy: 'game',
  ready: (memory) => isPlaying(memory) && byteAt(memory, RAM.mailFull) === 0,
  writes: (item) => [bytesTo(RAM.mailFull, 1, codeOf(item), item.index)],
});

/** The client counts: inbox and counter lie in the same battery memory and share every fate. */
const countedByClient = mailboxDelivery({
  counter: byteCell(WRAM.received),
  advancedBy: 'client',
  ready: (memory) =>
    isPlaying(memory) &&
    byteAt(memory, WRAM.inbox) === 0 &&
    byteAt(memory, WRAM.taken) === byteAt(memory, WRAM.received),
  writes: (item) => [bytesTo(WRAM.inbox, codeOf(item))],
});

const deliveryOf = (memory: MemoryView): Delivery =>
  byteAt(memory, IDENT.delivery) === 1 ? countedByClient : countedByGame;

const fullMessage = (received: number, room: Room, told: boolean): readonly Effect[] =>
  received >= BAG_SIZE && room.items.length > BAG_SIZE && !told
    ? [{ kind: 'message', text: `The bag is full: ${GAME} holds ${BAG_SIZE} items.` }]
    : [];

const step = (frame: Frame, room: Room, state: EmberwalkState): StepResult<EmberwalkState> => {
  const memory = viewMemory(REGIONS, frame.snapshot);
  const killDue = killIsDue(frame, state.killDue);
  if (!isPlaying(memory)) return { state: { killDue, toldFull: state.toldFull }, effects: [], playing: false };

  const delivery = deliveryOf(memory);
  const received = delivery.received(memory) ?? 0;
  const next = delivery.next({ memory, items: room.items, outcomes: frame.outcomes });
  const full = fullMessage(received, room, state.toldFull);
  const seen = flaggedLocations(memory.bytes(WRAM.chestFlags), LOCATION_OF_FLAG);
  return {
    state: { deaths: byteAt(memory, WRAM.deaths), killDue, toldFull: state.toldFull || full.length > 0 },
    playing: true,
    received,
    effects: [
      { kind: 'check', locations: seen.filter((id) => room.locations.has(id)) },
      ...(byteAt(memory, WRAM.goal) === 1 ? [{ kind: 'goal' } as const] : []),
      ...ownDeath(memory, state.deaths, room.slotName),
      ...killEffects(memory, killDue),
      ...(next ? [next] : []),
      ...full,
    ],
  };
};

/** How Causeway plays Emberwalk. */
export const module: GameModule<EmberwalkState> = {
  id: 'emberwalk',
  game: GAME,
  systems: ['NES'],
  probe: { ident: IDENT.block },
  identify,
  start: () => ({ killDue: false, toldFull: false }),
  plan: () => ({ regions: REGIONS }),
  step,
};
