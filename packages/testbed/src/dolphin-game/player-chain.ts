/**
 * The player's health stands behind two pointers that change with every stage. A step sees one link of the chain and the next
 * plan reads what it points to, on condition that it still does.
 */
import {
  type Cell,
  cellRegion,
  type Guard,
  guardSeen,
  type MemoryView,
  type ReadPlan,
  readCell,
  viewMemory,
  type Write,
} from '@causeway/bridge/game';
import { bigCell, MEM1_BASE, MEM1_SIZE, mem1, PLAYER, STATE, STATS } from './memory-map.js';

/** What is known of the chain: guest addresses, absent where not known or null. */
export interface PlayerChain {
  readonly player?: number;
  readonly stats?: number;
}

const offsetOf = (address: number): number => address - MEM1_BASE;

/** Whether an object of `size` bytes can stand there. The word next to the real pointer holds 0x123. */
const isPointer = (address: number, size: number): boolean =>
  address % 4 === 0 && address >= MEM1_BASE && offsetOf(address) + size <= MEM1_SIZE;

const statsPointer = (player: number): Cell => bigCell(offsetOf(player) + PLAYER.stats, 4);
const healthOf = (stats: number): Cell => bigCell(offsetOf(stats) + STATS.health, 2);

const wordGuard = ({ domain, offset }: Cell, value: number): Guard => {
  const expect = new Uint8Array(4);
  new DataView(expect.buffer).setUint32(0, value);
  return { at: { domain, offset }, expect };
};

/** What to read next to go on with the chain, and what must still be so. */
export const chainPlan = ({ player, stats }: PlayerChain): ReadPlan => {
  if (player === undefined) return { regions: {} };
  const pointer = statsPointer(player);
  const guards = [wordGuard(STATE.player, player)];
  if (stats === undefined) return { regions: { player: cellRegion(pointer) }, guards };
  return {
    regions: { player: cellRegion(pointer), stats: mem1(offsetOf(stats), STATS.size) },
    guards: [...guards, wordGuard(pointer, stats)],
  };
};

/** One step further along the chain. @param memory holds what {@link chainPlan} of `before` asked for */
export const followChain = (memory: MemoryView, before: PlayerChain): PlayerChain => {
  const player = readCell(memory, STATE.player);
  if (!isPointer(player, PLAYER.stats + 4)) return {};
  if (player !== before.player) return { player };
  const stats = readCell(memory, statsPointer(player));
  return isPointer(stats, STATS.size) ? { player, stats } : { player };
};

/** The player's health, and how to end it; `undefined` until the chain is known and read. */
export const healthBehind = (
  regions: ReadPlan['regions'],
  snapshot: Readonly<Record<string, Uint8Array>>,
  { player, stats }: PlayerChain,
): { readonly value: number; readonly guards: readonly Guard[]; readonly end: Write } | undefined => {
  if (player === undefined || stats === undefined) return undefined;
  const memory = viewMemory(regions, snapshot);
  const cell = healthOf(stats);
  return {
    value: readCell(memory, cell),
    guards: [STATE.player, statsPointer(player), cell].map((each) => guardSeen(memory, cellRegion(each))),
    end: { at: { domain: cell.domain, offset: cell.offset }, data: new Uint8Array(cell.size) },
  };
};
