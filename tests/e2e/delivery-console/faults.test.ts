import { createNwaDriver, createSniGrpcDriver, createUsb2SnesDriver } from '@causeway/sni-bridge';
import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import type { ConsoleFault, ConsoleOptions } from '@causeway/testbed/console';
import { startServer } from '@causeway/testbed/server';
import { describe, expect, it } from 'vitest';
import { Play } from '../delivery/play.js';
import { twoSlotRoom } from '../delivery/test-game.js';
import { marshlight } from '../delivery-snes/marshlight.js';
import { type DoorName, virtualConsole } from './virtual-console.js';

const SEED = 'peer-faults';
const ITEMS = 12;
const game = marshlight('lorom');
const [image] = Object.values(game.images);

const DRIVERS = {
  usb2snes: createUsb2SnesDriver,
  retroarch: createRetroArchDriver,
  nwa: createNwaDriver,
  grpc: createSniGrpcDriver,
} as const;

interface Scene {
  readonly door: DoorName;
  readonly faults: readonly ConsoleFault[];
  readonly options?: ConsoleOptions;
  /** Which of several consoles is meant. */
  readonly device?: string;
}

const SCENES: Readonly<Record<string, Scene>> = {
  'a usb2snes server whose lists cannot be relied on': {
    door: 'usb2snes',
    faults: ['usb2snes-list-reordered', 'usb2snes-list-incomplete'],
    device: 'ra://127.0.0.1:55355',
  },
  'SNI that cuts answers, spoils long ones and fills with zeros': {
    door: 'usb2snes',
    faults: ['usb2snes-small-messages', 'usb2snes-long-reads-wrong', 'usb2snes-zeros'],
  },
  'QUsb2Snes that throws everybody out': {
    door: 'usb2snes',
    faults: ['usb2snes-closes-all', 'usb2snes-small-messages'],
    options: { personality: 'qusb2snes', servedAs: 'nwa' },
  },
  'datagrams lost, doubled and late': {
    door: 'retroarch',
    faults: ['retroarch-loss', 'retroarch-duplicates', 'retroarch-delays'],
  },
  'RetroArch that starts again and again': { door: 'retroarch', faults: ['retroarch-restarts'] },
  'SNI whose calls fail for no reason': { door: 'grpc', faults: ['grpc-unknown-errors'] },
  'NWA emulators that answer less than was asked': {
    door: 'nwa',
    faults: ['nwa-first-range-only', 'nwa-short-reads', 'nwa-error-text'],
  },
};

const play = async ({ door, faults, options, device }: Scene): Promise<void> => {
  if (!image) throw new Error('There is no game.');
  const start = virtualConsole(door, { ...options, faults, seed: 4 });
  await using console = await start(image({ slotName: 'Ana', seed: SEED }));
  await using server = await startServer({ room: twoSlotRoom(game, SEED) });
  const uri = device === undefined ? console.uri : `${console.uri}/?device=${encodeURIComponent(device)}`;
  await using ana = new Play({ game, server, slotName: 'Ana', driver: DRIVERS[door](), device: uri });
  await ana.joined();
  for (let count = 0; count < ITEMS - 1; count++) ana.give(game.gifts[count % 3] ?? game.gifts[0]);
  await ana.taken(ana.give(game.gifts[0]));
  expect(ana.sent).toHaveLength(ITEMS);
  await expect.poll(async () => (await ana.progress()).items).toEqual(ana.sent);
  expect(await ana.unreported()).toEqual([]);
};

describe('virtual console, nothing lost and nothing doubled through', () => {
  it.each(Object.entries(SCENES))('%s', (_, scene) => play(scene));
});
