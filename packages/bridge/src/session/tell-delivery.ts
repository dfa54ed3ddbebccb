import type { Room, RoomNames } from '../multiworld/room.js';
import type { DeliveryNews } from './delivery-watch.js';
import type { SessionEventBody } from './events.js';

/** Tells what the game's counter and the save's mark have shown, with names. */
export const tellDelivery = (
  news: readonly DeliveryNews[],
  { items, slot }: Room,
  names: RoomNames,
  emit: (event: SessionEventBody) => void,
): void => {
  for (const each of news) {
    if (each.kind === 'event') {
      emit(each.body);
      continue;
    }
    const { index, again } = each;
    const id = items[index]?.item;
    if (id !== undefined) emit({ event: 'item.delivered', index, id, name: names.item(id, slot), again });
  }
};
