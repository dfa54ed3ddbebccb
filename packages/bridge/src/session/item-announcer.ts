import type { ReceivedItem } from '../multiworld/room.js';

const sameEntry = (a: ReceivedItem | undefined, b: ReceivedItem | undefined): boolean =>
  a?.item === b?.item && a?.location === b?.location && a?.player === b?.player;

/** Entries of `now` that people have not been told of: those after what it has in common with `told`. */
export const unannounced = (told: readonly ReceivedItem[], now: readonly ReceivedItem[]): readonly ReceivedItem[] => {
  let common = 0;
  while (common < told.length && common < now.length && sameEntry(told[common], now[common])) common++;
  return now.slice(common);
};
