import type { Identification, Snapshot } from '@causeway/bridge/game';
import { GAME } from './facts.js';
import { type ProgramIdent, readIdent } from './identification.js';
import { DISC_ID, GAME_IDS, IDENT } from './memory-map.js';

/** What tells whose copy it is. Compared in every batch: nothing in it changes while a game runs. */
export const PROBE = { disc: DISC_ID, ident: IDENT.block } as const;

const ID_LENGTH = 6;

const identityOf = ({ slotName, seed, deathLink }: ProgramIdent): Identification => ({
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

const isOurDisc = (disc: Uint8Array): boolean => {
  const id = String.fromCharCode(...disc.subarray(0, ID_LENGTH));
  return id === GAME_IDS.gc || id === GAME_IDS.wii;
};

/** Whose copy of the game this is, from what {@link PROBE} names. */
export const identify = (probe: Snapshot): Identification => {
  if (!isOurDisc(probe['disc'] ?? new Uint8Array())) return { match: 'no' };
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
        fix: 'Stamp the original program again.',
      };
    case 'version':
      return {
        match: 'near',
        reason: `This ${GAME} was made by another version (${reading.version}).`,
        fix: 'Make the copy again with this version of Causeway.',
      };
    case 'foreign':
      return { match: 'no' };
  }
};
