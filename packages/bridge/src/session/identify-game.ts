import { CausewayError, isDeviceGone } from '@causeway/protocol/errors';
import type { Device, DeviceInfo, Region, RomIdentity } from '../device/contract.js';
import { chooseModule, type ModuleChoice } from '../game/choose-module.js';
import type { GameIdentity, GameModule, Guard, ReadPlan, Snapshot } from '../game/contract.js';
import { judgeBatch, planBatch } from './plan-batch.js';
import { untilAborted } from './until-aborted.js';

/** A ROM that exactly one module knows. */
export interface SelectedGame {
  readonly module: GameModule;
  readonly identity: GameIdentity;
  readonly rom: RomIdentity;
  /** The bytes it was recognised by; they guard every batch of this game. */
  readonly guards: readonly Guard[];
}

export type Identified =
  | { readonly kind: 'game'; readonly game: SelectedGame }
  | { readonly kind: 'unknown'; readonly error: CausewayError };

const inside = ({ domains }: DeviceInfo, { domain, offset, size }: Region): boolean =>
  domains.some((known) => known.name === domain && offset + size <= known.size);

/** Whether the module can be asked at all: right system, and memory where it wants to look. */
const askable = (module: GameModule, info: DeviceInfo, rom: RomIdentity): boolean =>
  module.systems.includes(rom.system) && Object.values(module.probe).every((region) => inside(info, region));

const readRegions = async (device: Device, regions: ReadPlan['regions'], signal: AbortSignal): Promise<Snapshot> => {
  const batch = planBatch({ identity: [], plan: { regions }, effects: [], reguard: false });
  if (batch.steps.length === 0) return {};
  const { verdict } = judgeBatch(batch, await untilAborted(device.run(batch.steps, { signal }), signal));
  return verdict.kind === 'seen' ? verdict.snapshot : {};
};

/** One batch for all modules; where the emulator refuses it, one for each, so that only who asked too much is left out. */
const readProbes = async (
  device: Device,
  modules: readonly GameModule[],
  signal: AbortSignal,
): Promise<ReadonlyMap<GameModule, Snapshot>> => {
  const name = (module: GameModule, region: string): string => `${modules.indexOf(module)} ${region}`;
  const regions = modules.flatMap((module) =>
    Object.entries(module.probe).map(([region, where]) => [name(module, region), where] as const),
  );
  try {
    const all = await readRegions(device, Object.fromEntries(regions), signal);
    const own = (module: GameModule): Snapshot =>
      Object.fromEntries(
        Object.keys(module.probe).map((region) => [region, all[name(module, region)] ?? new Uint8Array()]),
      );
    return new Map(modules.map((module) => [module, own(module)]));
  } catch (error) {
    if (signal.aborted || isDeviceGone(error)) throw error;
    if (modules.length < 2) return new Map();
    const probes = new Map<GameModule, Snapshot>();
    for (const module of modules) for (const entry of await readProbes(device, [module], signal)) probes.set(...entry);
    return probes;
  }
};

const guardsOf = ({ probe }: GameModule, snapshot: Snapshot): readonly Guard[] =>
  Object.entries(probe).map(([name, { domain, offset }]) => ({
    at: { domain, offset },
    expect: Uint8Array.from(snapshot[name] ?? []),
  }));

const unknownRom = (choice: Exclude<ModuleChoice, { kind: 'chosen' }>, rom: RomIdentity): CausewayError => {
  const context = { rom };
  if (choice.kind === 'ambiguous') {
    const modules = choice.modules.map(({ id }) => id);
    return new CausewayError('game_ambiguous', `Several modules know this ROM: ${modules.join(', ')}.`, {
      context: { ...context, modules },
    });
  }
  if (choice.kind === 'near') {
    const [miss] = choice.misses;
    return new CausewayError('rom_near_miss', `${miss?.module.game}: ${miss?.reason}`, {
      context: {
        ...context,
        misses: choice.misses.map(({ module, reason, fix }) => ({ module: module.id, reason, fix })),
      },
    });
  }
  return new CausewayError('rom_not_recognised', `No module knows ${rom.title ?? rom.hash ?? 'this ROM'}.`, {
    context,
  });
};

/** Asks every module that can play on this device. Rejects with the device's error when it is lost meanwhile. */
export const identifyGame = async (
  device: Device,
  modules: readonly GameModule[],
  rom: RomIdentity,
  signal: AbortSignal,
): Promise<Identified> => {
  const asked = modules.filter((module) => askable(module, device.info, rom));
  const probes = await readProbes(device, asked, signal);
  const choice = chooseModule(modules, probes, rom);
  if (choice.kind !== 'chosen') return { kind: 'unknown', error: unknownRom(choice, rom) };
  const { module, identity } = choice;
  return { kind: 'game', game: { module, identity, rom, guards: guardsOf(module, probes.get(module) ?? {}) } };
};

/** Whether two recognitions mean the same slot's game, so that login and memory of one may serve the other. */
export const sameGame = (a: SelectedGame, b: SelectedGame): boolean =>
  a.module === b.module &&
  a.rom.hash === b.rom.hash &&
  JSON.stringify(Object.entries(a.identity).sort()) === JSON.stringify(Object.entries(b.identity).sort());
