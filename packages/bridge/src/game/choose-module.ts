import { CausewayError } from '@causeway/protocol/errors';
import type { RomIdentity } from '../device/contract.js';
import type { GameIdentity, GameModule, Snapshot } from './contract.js';

/** What a module's probe regions held; modules whose probe lies outside the device's memory are left out. */
export type Probes = ReadonlyMap<GameModule, Snapshot>;

export type ModuleChoice =
  | { readonly kind: 'chosen'; readonly module: GameModule; readonly identity: GameIdentity }
  /** Several modules say yes: said to the person instead of taking the first. */
  | { readonly kind: 'ambiguous'; readonly modules: readonly GameModule[] }
  /** None says yes, some nearly. */
  | { readonly kind: 'near'; readonly misses: readonly NearMiss[] }
  | { readonly kind: 'none' };

export interface NearMiss {
  readonly module: GameModule;
  readonly reason: string;
  readonly fix: string;
}

const identifyWith = (module: GameModule, probe: Snapshot, rom: RomIdentity) => {
  try {
    return module.identify(probe, rom);
  } catch (cause) {
    throw new CausewayError('game_module_failed', `The module ${module.id} failed to identify the ROM.`, {
      cause,
      context: { module: module.id, phase: 'identify' },
    });
  }
};

/** Asks every module. Throws `game_module_failed` when one of them throws. */
export const chooseModule = (modules: readonly GameModule[], probes: Probes, rom: RomIdentity): ModuleChoice => {
  const matches: { module: GameModule; identity: GameIdentity }[] = [];
  const misses: NearMiss[] = [];
  for (const module of modules) {
    const probe = probes.get(module);
    if (!probe || !module.systems.includes(rom.system)) continue;
    const found = identifyWith(module, probe, rom);
    if (found.match === 'yes') matches.push({ module, identity: found.identity });
    if (found.match === 'near') misses.push({ module, reason: found.reason, fix: found.fix });
  }
  const [first, ...others] = matches;
  if (first && others.length === 0) return { kind: 'chosen', ...first };
  if (first) return { kind: 'ambiguous', modules: matches.map(({ module }) => module) };
  return misses.length > 0 ? { kind: 'near', misses } : { kind: 'none' };
};
