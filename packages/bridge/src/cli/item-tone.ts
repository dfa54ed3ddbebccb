import { ItemFlag } from '@causeway/protocol/archipelago-text';
import type { Tone } from './styled-text.js';

/** The class that decides an item's colour: the first of advancement, useful and trap that is set in its flags. */
export const itemTone = (flags: number): Tone => {
  if (flags & ItemFlag.advancement) return 'progression';
  if (flags & ItemFlag.useful) return 'useful';
  return flags & ItemFlag.trap ? 'trap' : 'filler';
};
