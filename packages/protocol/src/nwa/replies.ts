import { CausewayError } from '../errors/causeway-error.js';
import { parseNwaNumber } from './core-ranges.js';
import type { NwaItem, NwaReply } from './messages.js';

/** Answer to EMULATOR_INFO. */
export interface NwaEmulatorInfo {
  readonly name: string;
  readonly version: string;
  readonly nwaVersion: string;
  /** What it can do beyond the mandatory commands. */
  readonly commands: ReadonlySet<string>;
}
/** Answer to EMULATION_STATUS. */
export interface NwaEmulationStatus {
  readonly state: 'running' | 'paused' | 'stopped' | 'no_game';
  readonly game: string;
}
/** Answer to CORE_CURRENT_INFO. */
export interface NwaCoreInfo {
  /** As the emulator writes it; case varies. */
  readonly platform: string;
  readonly name: string;
  readonly version: string;
}
/** Answer to GAME_INFO. */
export interface NwaGameInfo {
  readonly name: string;
  readonly file: string;
}
/** One element of the answer to CORE_MEMORIES. */
export interface NwaMemory {
  readonly name: string;
  readonly readable: boolean;
  readonly writable: boolean;
  /** Bytes. */
  readonly size: number;
}

const STATES = ['running', 'paused', 'stopped', 'no_game'] as const;

const unexpected = (what: string, reply: NwaReply): CausewayError =>
  new CausewayError('protocol_unexpected', `The emulator's answer is no ${what}.`, {
    context: {
      what,
      kind: reply.kind,
      ...(reply.kind === 'error' ? { error: reply.error, reason: reply.reason } : {}),
    },
  });

const single = (what: string, reply: NwaReply): ((key: string) => string) => {
  const [item] = reply.kind === 'text' ? reply.items : [];
  if (!item) throw unexpected(what, reply);
  return (key) => item.get(key) ?? '';
};

export const readEmulatorInfo = (reply: NwaReply): NwaEmulatorInfo => {
  const field = single('description of an emulator', reply);
  const commands = field('commands')
    .split(',')
    .map((name) => name.trim());
  return {
    name: field('name'),
    version: field('version'),
    nwaVersion: field('nwa_version'),
    commands: new Set(commands.filter((name) => name !== '')),
  };
};

export const readEmulationStatus = (reply: NwaReply): NwaEmulationStatus => {
  const field = single('emulation status', reply);
  const state = STATES.find((known) => known === field('state'));
  if (!state) throw unexpected('emulation status', reply);
  return { state, game: field('game') };
};

export const readCoreInfo = (reply: NwaReply): NwaCoreInfo => {
  const field = single('description of a core', reply);
  return { platform: field('platform'), name: field('name'), version: field('version') };
};

export const readGameInfo = (reply: NwaReply): NwaGameInfo => {
  const field = single('description of a game', reply);
  return { name: field('name'), file: field('file') };
};

export const readCoreMemories = (reply: NwaReply): readonly NwaMemory[] => {
  if (reply.kind !== 'text') throw unexpected('list of memories', reply);
  return reply.items.map((item) => memoryOf(item, reply));
};

const memoryOf = (item: NwaItem, reply: NwaReply): NwaMemory => {
  const name = item.get('name');
  const size = parseNwaNumber(item.get('size') ?? '');
  if (!name || size === undefined) throw unexpected('list of memories', reply);
  const access = item.get('access') ?? '';
  return { name, readable: access.includes('r'), writable: access.includes('w'), size };
};
