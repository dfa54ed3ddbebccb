import type { SaveMark, StepResult } from '../game/contract.js';
import type { Room } from '../multiworld/room.js';
import { type DeliveryNews, type DeliveryWatch, unwatched, watchDelivery } from './delivery-watch.js';

/** What is known of the save in memory. A record of what was seen. */
export interface SaveWatch {
  readonly delivery: DeliveryWatch;
  /** The save's own mark names another seed or slot. */
  readonly foreign: boolean;
  readonly id: string | undefined;
  /** Nobody has played since the last played look: another save may have been chosen meanwhile. */
  readonly gateShut: boolean;
  /** It was seen to change since the last played look. */
  readonly changed: boolean;
}

export interface SaveNews {
  readonly watch: SaveWatch;
  readonly news: readonly DeliveryNews[];
  readonly mark: 'own' | 'foreign' | 'none';
  /** It has taken more items than the room ever sent. */
  readonly ahead: boolean;
  /** Another save or an older state than at the last played look. */
  readonly loaded: boolean;
}

export const unseenSave: SaveWatch = {
  delivery: unwatched,
  foreign: false,
  id: undefined,
  gateShut: false,
  changed: false,
};

const readMark = (mark: SaveMark | undefined, { seed, slotName }: Room): SaveNews['mark'] => {
  const other = (mine: string | undefined, rooms: string): boolean => mine !== undefined && mine !== rooms;
  if (other(mark?.seed, seed) || other(mark?.slotName, slotName)) return 'foreign';
  return mark?.seed === undefined ? 'none' : 'own';
};

/** A foreign save's counter says nothing about this room's list. */
const followForeign = (
  { delivery, foreign }: SaveWatch,
  { received = 0, save }: StepResult<unknown>,
  items: number,
) => ({
  watch: delivery,
  news: foreign
    ? []
    : [
        {
          kind: 'event',
          body: { event: 'save.mismatch', received, items, cause: 'mark', ...(save ? { mark: save } : {}) },
        } as const,
      ],
});

/** Where neither a counter nor a mark could tell, a gate that was shut is reason enough to think of another save. */
const mayBeAnother = ({ gateShut }: SaveWatch, { playing, received, save }: StepResult<unknown>): boolean =>
  gateShut && playing && received === undefined && save?.id === undefined;

/** Takes in what one step says of the save. */
export const watchSave = (before: SaveWatch, result: StepResult<unknown>, room: Room): SaveNews => {
  const items = room.items.length;
  const mark = readMark(result.save, room);
  const foreign = mark === 'foreign';
  const { watch: delivery, news } = foreign
    ? followForeign(before, result, items)
    : watchDelivery(before.delivery, result.received, items);
  const id = result.save?.id ?? before.id;
  const ahead = delivery.mismatch === 'save';
  const changed =
    before.changed ||
    id !== before.id ||
    foreign !== before.foreign ||
    (ahead && before.delivery.mismatch !== 'save') ||
    (delivery.count ?? 0) < (before.delivery.count ?? 0) ||
    mayBeAnother(before, result);
  const { playing } = result;
  const watch = { delivery, foreign, id, gateShut: !playing, changed: changed && !playing };
  return { watch, news, mark, ahead: ahead && !foreign, loaded: changed && playing };
};
