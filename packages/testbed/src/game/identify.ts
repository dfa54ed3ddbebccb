import type { Identification, Snapshot } from '@causeway/bridge/game';
import { GAME } from './facts.js';
import { type RomIdent, readIdent } from './identification.js';

const identityOf = ({ slotName, seed, deathLink }: RomIdent): Identification => ({
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

/** Whose copy of the game this is, from the probe region `ident`. */
export const identify = (probe: Snapshot): Identification => {
  const reading = readIdent(probe['ident'] ?? new Uint8Array());
  switch (reading.kind) {
    case 'stamped':
      return identityOf(reading.ident);
    case 'unstamped':
      return {
        match: 'near',
        reason: `This copy of ${GAME} belongs to nobody yet.`,
        fix: 'Load a copy that was stamped for your slot.',
      };
    case 'damaged':
      return {
        match: 'near',
        reason: `The stamp of this ${GAME} does not fit its contents.`,
        fix: 'Stamp the original ROM again.',
      };
    case 'version':
      return {
        match: 'near',
        reason: `This ${GAME} was made by another version (${reading.version}).`,
        fix: 'Make the ROM again with this version of Causeway.',
      };
    case 'foreign':
      return { match: 'no' };
  }
};
