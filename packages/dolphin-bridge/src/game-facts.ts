import type { RomIdentity } from '@causeway/bridge/device';
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
}

/** Bytes at the start of MEM1 that say which game it is: id, disc, revision. */
export const IDENTITY_SIZE = 8;

const readBytes = async (access: ArenaAccess, size: number, signal?: AbortSignal): Promise<Uint8Array> => {
  const bytes = new Uint8Array(size);
  await access.read(0, bytes, signal);
  return bytes;
};

/** What runs there, or `undefined` while it starts: its memory is there before there is anything in it. */
export const inspectGame = async (access: ArenaAccess, signal?: AbortSignal): Promise<GameFacts | undefined> => {
  const lowMemory = parseLowMemory(await readBytes(access, Math.min(LOW_MEMORY_SIZE, access.size), signal));
  if (!lowMemory.booted) return undefined;
  const facts = {
    size: access.size,
    lowMemory,
    get lockedCacheAt() {
      return access.lockedCacheAt;
    },
  };
  const layout = decideLayout(facts);
  return layout && { layout, ...identityOf(lowMemory) };
};

const identityOf = ({ gameId, revision, disc, discOf }: LowMemory): Omit<GameFacts, 'layout'> =>
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
