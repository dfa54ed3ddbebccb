import type { Random } from '../../clock.js';
import { between } from '../../testing/seeded-random.js';
import type { Cartridge } from './simulated-console.js';
import type { LinkFault } from './simulated-device.js';
import type { SimulatedEmulator } from './simulated-emulator.js';
import type { SimulatedServer } from './simulated-server.js';

/** What faults are done to. */
export interface World {
  readonly emulator: SimulatedEmulator;
  readonly server: SimulatedServer;
  readonly random: Random;
  readonly cartridges: readonly [Cartridge, Cartridge];
}

type Strike = (world: World) => void;

/** At once, or at the worst moment: between the guards of a write and the write. */
export const atWorst = (emulator: SimulatedEmulator, random: Random, act: () => void): void => {
  if (random() < 0.5) act();
  else emulator.atWrite(act);
};

/** Puts the other slot's cartridge in for a while. `cut`: the emulator restarts its script, as BizHawk does on a change of ROM. */
const swapRom =
  (cut: boolean): Strike =>
  ({ emulator, cartridges: [own, other], random }) => {
    if (emulator.console.cartridge !== own) return;
    emulator.console.swap(other);
    if (cut) emulator.cutLinks();
    emulator.soon(between(random, 5, 60), () => {
      emulator.console.swap(own);
      if (cut) emulator.cutLinks();
    });
  };

const onLink =
  (kind: LinkFault): Strike =>
  ({ emulator, random }) =>
    emulator.arm({ kind, atWrite: random() < 0.7 });

const restart =
  (flushed: boolean): Strike =>
  ({ emulator, random }) => {
    emulator.leave(between(random, 1, 40));
    emulator.console.restart(flushed);
  };

const dropServer: Strike = ({ server }) => server.drop();

/** Everything that happens to players, by the words of the fault matrix. */
export const FAULTS = {
  'soft reset': ({ emulator }) => emulator.console.softReset(),
  'power cycle': ({ emulator }) => emulator.console.powerCycle(),
  'emulator quit and started again': restart(true),
  'emulator killed, battery RAM of the last flush': restart(false),
  'save state loaded': ({ emulator, random }) => {
    emulator.console.saveState();
    emulator.soon(between(random, 1, 40), () => atWorst(emulator, random, () => emulator.console.loadState()));
  },
  paused: ({ emulator, random }) => emulator.pause(between(random, 1, 60)),
  'link dropped': ({ emulator }) => emulator.cutLinks(),
  'request lost': onLink('request lost'),
  'answer lost': onLink('answer lost'),
  'request carried out late': onLink('carried out late'),
  'request carried out twice': onLink('carried out twice'),
  'server connection dropped': dropServer,
  'server answers late': ({ server, random }) => {
    server.slowness = between(random, 0, 40);
  },
  'emulator and server lost together': (world) => {
    restart(false)(world);
    dropServer(world);
  },
  "another slot's ROM loaded": swapRom(true),
  "another slot's ROM loaded unnoticed by the link": swapRom(false),
} as const satisfies Record<string, Strike>;

export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as [Fault, ...Fault[]];
