import { ItemFlag } from '@causeway/protocol/archipelago';
import type { RoomEvent } from './room-event.js';

const worth = (flags: number): string => {
  if (flags & ItemFlag.advancement) return '*';
  if (flags & ItemFlag.trap) return '!';
  return flags & ItemFlag.useful ? '+' : '';
};

/** An event in one line for people, or `undefined` for what is of no interest to them. */
export const describeEvent = (event: RoomEvent): string | undefined => {
  switch (event.kind) {
    case 'joined':
      return `${event.name} joined, playing ${event.game}`;
    case 'left':
      return `${event.name} left`;
    case 'refused':
      return `${event.name} was refused: ${event.reasons.join(', ')}`;
    case 'sent': {
      const item = `${event.itemName}${worth(event.flags)}`;
      const whose = event.finder === event.receiver ? `found their ${item}` : `sent ${item} to ${event.receiverName}`;
      return `${event.finderName} ${whose} (${event.locationName})`;
    }
    case 'given':
      return `${event.receiverName} was given ${event.count > 1 ? `${event.count} of ` : ''}${event.itemName}`;
    case 'goal':
      return `${event.name} reached the goal`;
    case 'chat':
      return `${event.name}: ${event.text}`;
    case 'hint':
      return `Hint for ${event.text}`;
    case 'dropped':
      return `A connection was dropped: ${event.reason}`;
    case 'status':
      return undefined;
  }
};
