import type { ConsoleCall } from './console.js';
import { findHints } from './hint-shopping.js';
import { tellHints } from './hints.js';

/** `/hint`, `/hint_location`: free hints from the host. */
export const giveHints = (
  { room, print }: ConsoleCall,
  slot: number,
  typed: string,
  kind: 'item' | 'location',
): void => {
  const hints = findHints(room, slot, room.game(room.slot(slot).game), typed, kind);
  if (typeof hints === 'string') {
    print(hints);
    return;
  }
  if (hints.length === 0) {
    print('No hints found.');
    return;
  }
  tellHints(room, hints);
};
