import type { Identification, Snapshot } from '@causeway/bridge/game';
import { GAME } from './facts.js';
import { type CartridgeIdent, IDENT_SIZE, type IdentReading, readIdent } from './identification.js';

/** Where the identification stands in the ROM, by how the cartridge is laid out. */
export const PROBE = {
  lorom: { domain: 'ROM', offset: 0x6000, size: IDENT_SIZE },
  hirom: { domain: 'ROM', offset: 0xe000, size: IDENT_SIZE },
} as const;

const identityOf = ({ slotName, seed, deathLink }: CartridgeIdent): Identification => ({
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

const near = (reason: string, fix: string): Identification => ({ match: 'near', reason, fix });

const identificationOf = (reading: IdentReading): Identification => {
  switch (reading.kind) {
    case 'stamped':
      return identityOf(reading.ident);
    case 'unstamped':
      return near(`This copy of ${GAME} belongs to nobody yet.`, 'Load a copy that was made for your slot.');
    case 'damaged':
      return near(`The stamp of this ${GAME} does not fit its contents.`, 'Make the copy again.');
    case 'version':
      return near(`This ${GAME} was made by another version (${reading.version}).`, 'Make the copy again.');
    case 'foreign':
      return { match: 'no' };
  }
};

/** Whose copy it is, by what {@link PROBE} reads. */
export const identify = (probe: Snapshot): Identification => {
  const readings = [probe['lorom'], probe['hirom']].map((bytes) => readIdent(bytes ?? new Uint8Array(0)));
  return identificationOf(readings.find(({ kind }) => kind !== 'foreign') ?? { kind: 'foreign' });
};
