import type { RomIdentity, System } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { RetroArchReply, RetroArchStatus } from '@causeway/protocol/retroarch';
import { chooseSnesHeader, parseSnesHeader, SNES_HEADER_SIZE } from '@causeway/protocol/snes';
import type { RetroArchChannel } from './channel.js';
import { gameBoyAdvanceMap, gameBoyMap } from './handheld-maps.js';
import type { MemoryMap } from './memory-map.js';
import { snesMap } from './snes-map.js';

export type LoadedStatus = Exclude<RetroArchStatus, { state: 'contentless' }>;

/** What runs, and how its memory is reached. */
export interface Identified {
  readonly map: MemoryMap;
  readonly rom: RomIdentity;
}

type Family = 'snes' | 'gameBoy' | 'handheld';

/**
 * Names of systems in RetroArch's info files, and of cores where there are none. mGBA runs all of Nintendo's handhelds and says
 * `game_boy_advance` (measured).
 */
const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/^(super_nes|bsnes|snes9x|mesen-s|higan)/i, 'snes'],
  [/^(game_boy_advance|mgba|vba)/i, 'handheld'],
  [/^(game_boy|gambatte|sameboy|gearboy|tgb)/i, 'gameBoy'],
];

const familyOf = ({ system }: LoadedStatus): Family | undefined =>
  FAMILIES.find(([pattern]) => pattern.test(system))?.[1];

const SYSTEMS: Readonly<Record<Family, readonly System[]>> = {
  snes: ['SNES'],
  gameBoy: ['GB', 'GBC'],
  handheld: ['GBA', 'GB', 'GBC'],
};

/** The systems it may be, as far as the status alone says; none where nobody knows. */
export const systemsOf = (status: LoadedStatus): readonly System[] => {
  const family = familyOf(status);
  return family === undefined ? [] : SYSTEMS[family];
};

/** CRC-32 of the content file, eight digits in lower case: how RetroArch, and we, tell ROMs apart. */
export const crcText = ({ crc32 }: LoadedStatus): string => crc32.toString(16).padStart(8, '0');

/** Work RAM, which every game has, to see whether the core shows memory at all. */
const SNES = { workRam: 0x7e_0000, header: 0x80_ffb0, hiromHeader: 0xc0_ffb0 } as const;
const GBA_WORK_RAM = 0x0200_0000;
const GAME_BOY = {
  workRam: 0xc000,
  header: 0x0134,
  color: 0x0143,
  ramSize: 0x0149,
  highRam: 0xff80,
  end: 0x0150,
} as const;
/** Kilobytes of cartridge RAM by the code in the header. */
const GAME_BOY_RAM: Readonly<Record<number, number>> = { 1: 2, 2: 8, 3: 32, 4: 128, 5: 64 };

/** An address and a size. */
type Place = readonly [number, number];
type Reply = RetroArchReply | undefined;
/** Reads several places of what runs, in one moment. */
type Look = (...places: readonly Place[]) => Promise<readonly Reply[]>;

const lookingAt =
  (channel: RetroArchChannel, status: LoadedStatus, signal: AbortSignal): Look =>
  async (...places) => {
    const reads = places.map(([address, size]) => ({ kind: 'read', address, size }) as const);
    const asks = channel.ask([...reads, { kind: 'status' }]);
    try {
      await channel.answered(asks, signal);
    } finally {
      channel.forget(asks);
    }
    const now = asks.at(-1)?.reply;
    if (now?.kind === 'status' && now.status.state !== 'contentless' && now.status.crc32 === status.crc32) {
      return asks.slice(0, -1).map(({ reply }) => reply);
    }
    throw new CausewayError('device_lost', 'Another game was loaded.', { context: { before: status, now } });
  };

const dataOf = (reply: Reply): Uint8Array | undefined => (reply?.kind === 'read' ? reply.data : undefined);

/**
 * Looks at a running game.
 *
 * @throws `device_incompatible` for cores that show no memory, and for systems nobody knows the memory of; `device_lost` when
 * another game is loaded meanwhile
 */
export const identify = async (
  channel: RetroArchChannel,
  status: LoadedStatus,
  signal: AbortSignal,
): Promise<Identified> => {
  const look = lookingAt(channel, status, signal);
  switch (familyOf(status)) {
    case 'snes':
      return identifySnes(look, status);
    case 'gameBoy':
      return identifyGameBoy(look, status);
    case 'handheld': {
      const [advance] = await look([GBA_WORK_RAM, 1]);
      if (advance?.kind !== 'read') return identifyGameBoy(look, status);
      return identifyGameBoyAdvance(look, status);
    }
    default:
      throw unknownSystem(status);
  }
};

const identifySnes = async (look: Look, status: LoadedStatus): Promise<Identified> => {
  const [workRam, low, high] = await look(
    [SNES.workRam, 1],
    [SNES.header, SNES_HEADER_SIZE],
    [SNES.hiromHeader, SNES_HEADER_SIZE],
  );
  requireMemory(workRam, status);
  const [lowBytes, highBytes] = [dataOf(low), dataOf(high)];
  const header = chooseSnesHeader([
    lowBytes && parseSnesHeader(lowBytes, 0x00_7fb0),
    highBytes && parseSnesHeader(highBytes, 0x00_ffb0),
  ]);
  const title = header?.title ?? status.content;
  return { map: snesMap(header), rom: { system: 'SNES', hash: crcText(status), title } };
};

/** How large a GBA cartridge may be, and the least that is told apart. */
const GBA_ROM = { address: 0x0800_0000, most: 0x200_0000, least: 0x1_0000 } as const;

/** Its header says nothing of sizes: the ROM is as large as the largest power of two that the core shows the end of. */
const identifyGameBoyAdvance = async (look: Look, status: LoadedStatus): Promise<Identified> => {
  const sizes: number[] = [];
  for (let size: number = GBA_ROM.most; size >= GBA_ROM.least; size /= 2) sizes.push(size);
  const ends = await look(...sizes.map((size): Place => [GBA_ROM.address + size - 1, 1]));
  const romSize = sizes.find((_, index) => ends[index]?.kind === 'read') ?? 0;
  return { map: gameBoyAdvanceMap(romSize), rom: { system: 'GBA', hash: crcText(status), title: status.content } };
};

const identifyGameBoy = async (look: Look, status: LoadedStatus): Promise<Identified> => {
  const { workRam, header, color, ramSize, highRam, end } = GAME_BOY;
  const [work, head, high] = await look([workRam, 1], [header, end - header], [highRam, 1]);
  requireMemory(work, status);
  const bytes = dataOf(head) ?? new Uint8Array(0);
  const map = gameBoyMap({
    color: ((bytes[color - header] ?? 0) & 0x80) !== 0,
    cartRamSize: (GAME_BOY_RAM[bytes[ramSize - header] ?? 0] ?? 0) * 1024,
    highRam: high?.kind === 'read',
  });
  return { map, rom: { system: map.system, hash: crcText(status), title: status.content } };
};

const requireMemory = (reply: Reply, status: LoadedStatus): void => {
  if (reply?.kind === 'read') return;
  const reason = reply?.kind === 'refused' ? reply.reason : 'no answer';
  const core = `RetroArch's core (${status.system})`;
  throw new CausewayError('device_incompatible', `${core} does not show the game's memory: ${reason}.`, {
    context: { core: status.system, reason },
    fix: 'Load the game with another core: for SNES one of the bsnes-mercury cores, for Game Boy gambatte or mGBA.',
  });
};

const unknownSystem = ({ system, content }: LoadedStatus): CausewayError =>
  new CausewayError('device_incompatible', `RetroArch runs ${content} with ${system}, which Causeway does not know.`, {
    context: { system, content },
    fix: 'Load a SNES, Game Boy or Game Boy Advance game, with a bsnes-mercury, gambatte or mGBA core.',
  });
