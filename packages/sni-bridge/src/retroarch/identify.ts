import type { RomIdentity, System } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { RetroArchCommand, RetroArchReply, RetroArchStatus } from '@causeway/protocol/retroarch';
import { chooseSnesHeader, parseSnesHeader, SNES_HEADER_SIZE, type SnesHeader } from '@causeway/protocol/snes';
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

/** Asks one thing; resolves with whatever the reply is. */
type Question = (command: RetroArchCommand) => Promise<RetroArchReply | undefined>;

const questions =
  (channel: RetroArchChannel, signal: AbortSignal): Question =>
  async (command) => {
    const ask = channel.ask(command);
    try {
      await channel.answered([ask], signal);
      return ask.reply;
    } finally {
      channel.forget([ask]);
    }
  };

/** Names of systems in RetroArch's info files, and of cores where there are none. */
const FAMILIES: readonly (readonly [RegExp, 'snes' | 'gameBoy' | 'gba' | 'mgba'])[] = [
  [/^(super_nes|bsnes|snes9x|mesen-s|higan)/i, 'snes'],
  [/^game_boy_advance/i, 'gba'],
  [/^(game_boy|gambatte|sameboy|gearboy|tgb)/i, 'gameBoy'],
  [/^mgba/i, 'mgba'],
  [/^vba/i, 'gba'],
];

const familyOf = ({ system }: LoadedStatus): 'snes' | 'gameBoy' | 'gba' | 'mgba' | undefined =>
  FAMILIES.find(([pattern]) => pattern.test(system))?.[1];

/** The system, as far as the status alone says. */
export const systemOf = (status: LoadedStatus): System | undefined => {
  switch (familyOf(status)) {
    case 'snes':
      return 'SNES';
    case 'gba':
      return 'GBA';
    case 'gameBoy':
      return 'GB';
    default:
      return undefined;
  }
};

/** CRC-32 of the content file, eight digits in lower case: how RetroArch, and we, tell ROMs apart. */
export const crcText = ({ crc32 }: LoadedStatus): string => crc32.toString(16).padStart(8, '0');

/** A place every game of the family has, to see whether the core shows its memory at all. */
const PROBES = { snes: 0x7e_0000, gameBoy: 0xc000, gba: 0x0200_0000 } as const;
const GAME_BOY = { header: 0x0134, color: 0x0143, ramSize: 0x0149, highRam: 0xff80, end: 0x0150 } as const;
/** Kilobytes of cartridge RAM by the code in the header. */
const GAME_BOY_RAM: Readonly<Record<number, number>> = { 1: 2, 2: 8, 3: 32, 4: 128, 5: 64 };
const SNES_HEADERS = [
  { address: 0x80_ffb0, offset: 0x00_7fb0 },
  { address: 0xc0_ffb0, offset: 0x00_ffb0 },
] as const;

const dataOf = (reply: RetroArchReply | undefined): Uint8Array | undefined =>
  reply?.kind === 'read' ? reply.data : undefined;

/**
 * Looks at a running game.
 *
 * @throws `device_incompatible` for cores that show no memory, and for systems nobody knows the memory of
 */
export const identify = async (
  channel: RetroArchChannel,
  status: LoadedStatus,
  signal: AbortSignal,
): Promise<Identified> => {
  const ask = questions(channel, signal);
  const family = familyOf(status);
  if (family === undefined) throw unknownSystem(status);
  if (family === 'snes') return identifySnes(ask, status);
  const advance = await ask({ kind: 'read', address: PROBES.gba, size: 1 });
  if (family === 'gba' || (family === 'mgba' && advance?.kind === 'read')) {
    requireMemory(advance, status);
    return { map: gameBoyAdvanceMap(), rom: { system: 'GBA', hash: crcText(status), title: status.content } };
  }
  return identifyGameBoy(ask, status);
};

const identifySnes = async (ask: Question, status: LoadedStatus): Promise<Identified> => {
  requireMemory(await ask({ kind: 'read', address: PROBES.snes, size: 1 }), status);
  const candidates: (SnesHeader | undefined)[] = [];
  for (const { address, offset } of SNES_HEADERS) {
    const bytes = dataOf(await ask({ kind: 'read', address, size: SNES_HEADER_SIZE }));
    candidates.push(bytes && parseSnesHeader(bytes, offset));
  }
  const header = chooseSnesHeader(candidates);
  const title = header?.title ?? status.content;
  return { map: snesMap(header), rom: { system: 'SNES', hash: crcText(status), title } };
};

const identifyGameBoy = async (ask: Question, status: LoadedStatus): Promise<Identified> => {
  requireMemory(await ask({ kind: 'read', address: PROBES.gameBoy, size: 1 }), status);
  const { header, color, ramSize, highRam, end } = GAME_BOY;
  const bytes = dataOf(await ask({ kind: 'read', address: header, size: end - header })) ?? new Uint8Array(0);
  const high = await ask({ kind: 'read', address: highRam, size: 1 });
  const map = gameBoyMap({
    color: ((bytes[color - header] ?? 0) & 0x80) !== 0,
    cartRamSize: (GAME_BOY_RAM[bytes[ramSize - header] ?? 0] ?? 0) * 1024,
    highRam: high?.kind === 'read',
  });
  return { map, rom: { system: map.system, hash: crcText(status), title: status.content } };
};

const requireMemory = (reply: RetroArchReply | undefined, status: LoadedStatus): void => {
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
