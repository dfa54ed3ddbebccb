import type { RomIdentity } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { ArenaAccess } from './access/arena-access.js';
import { type ArenaLayout, decideLayout } from './arena/arena-layout.js';
import { LOW_MEMORY_SIZE, type LowMemory, parseLowMemory } from './arena/low-memory.js';

/** What runs in an arena. */
export interface GameFacts {
  readonly layout: ArenaLayout;
  /** Absent for titles from a Wii's NAND and for bare programs. */
  readonly id?: string;
  readonly revision: number;
  readonly disc: number;
  /** `false`: it may have just begun and still say who it is. Ids come late, and before the disc's magic number. */
  readonly settled: boolean;
  /** The bytes it was known by, see {@link readIdentity}. */
  readonly identity: Uint8Array;
}

/** Bytes at the start of MEM1 that say which game it is: id, disc, revision. */
export const IDENTITY_SIZE = 8;

const readBytes = async (access: ArenaAccess, size: number, signal?: AbortSignal): Promise<Uint8Array> => {
  const bytes = new Uint8Array(size);
  await access.read(0, bytes, signal);
  return bytes;
};

/**
 * What runs there, or `undefined` while it starts: its memory is there before there is anything in it.
 *
 * Rejects with `device_incompatible` for memory that is laid out as no console's that we know.
 */
export const inspectGame = async (access: ArenaAccess, signal?: AbortSignal): Promise<GameFacts | undefined> => {
  if (access.size < LOW_MEMORY_SIZE) throw unknownLayout(access.size);
  const bytes = await readBytes(access, LOW_MEMORY_SIZE, signal);
  const lowMemory = parseLowMemory(bytes);
  if (!lowMemory.booted) return undefined;
  const facts = {
    size: access.size,
    lowMemory,
    get lockedCacheAt() {
      return access.lockedCacheAt;
    },
  };
  const layout = decideLayout(facts);
  if (layout) return { layout, identity: bytes.slice(0, IDENTITY_SIZE), ...namesIn(lowMemory) };
  // The sizes may come after the boot code; once they are there nothing is going to change.
  if (lowMemory.mem1Size === undefined) return undefined;
  throw unknownLayout(access.size);
};

const unknownLayout = (size: number): CausewayError =>
  new CausewayError('device_incompatible', `Dolphin holds memory of a shape that is not known here: ${size} bytes.`, {
    fix: 'Update Causeway. If there is nothing newer, report this number and the version of Dolphin.',
    context: { size },
  });

const namesIn = ({ gameId, revision, disc, discOf }: LowMemory): Omit<GameFacts, 'layout' | 'identity'> =>
  gameId === undefined
    ? { revision: 0, disc: 0, settled: false }
    : { id: gameId, revision, disc, settled: discOf !== undefined };

/** The bytes by which a running game is recognised again. */
export const readIdentity = (access: ArenaAccess, signal?: AbortSignal): Promise<Uint8Array> =>
  readBytes(access, IDENTITY_SIZE, signal);

/** Identity for the engine. @param image file name of the disc, where known */
export const romOf = ({ layout, id, revision, disc }: GameFacts, image: string | undefined): RomIdentity => {
  const { system } = layout;
  if (id === undefined) return image === undefined ? { system } : { system, title: image };
  const hash = `${id} revision ${revision}${disc === 0 ? '' : ` disc ${disc + 1}`}`;
  return { system, hash, title: image === undefined ? id : `${image} [${id}]` };
};
