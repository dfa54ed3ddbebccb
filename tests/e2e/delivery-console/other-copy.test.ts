import { createNwaDriver, createSniGrpcDriver, createUsb2SnesDriver } from '@causeway/sni-bridge';
import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import { type Cartridge, openCartridge, type RunningConsole, startConsole } from '@causeway/testbed/console';
import { type MultiworldServer, startServer } from '@causeway/testbed/server';
import { describe, expect, it } from 'vitest';
import { Play } from '../delivery/play.js';
import { twoSlotRoom } from '../delivery/test-game.js';
import { marshlight } from '../delivery-snes/marshlight.js';
import { uriOf } from './virtual-console.js';

const SEED = 'other-copy';
const FRAMES_PER_SECOND = 480;
const GAME = marshlight('lorom');
const [IMAGE] = Object.values(GAME.images);
const copyFor = (slotName: string): Uint8Array => IMAGE!({ slotName, seed: SEED });

const DOORS = [
  ['retroarch', createRetroArchDriver],
  ['usb2snes', createUsb2SnesDriver],
  ['grpc', createSniGrpcDriver],
  ['nwa', createNwaDriver],
] as const;

const EXCHANGES: Readonly<Record<string, (running: RunningConsole, cartridge: Cartridge) => Promise<void>>> = {
  'started again with another copy': async (running, cartridge) => {
    await running.quit();
    running.console.insert(cartridge);
    await running.restart();
  },
  'whose cartridge is exchanged while everything is connected': async (running, cartridge) => {
    running.console.insert(cartridge);
  },
};

const itemsIn = ({ console }: RunningConsole): readonly number[] =>
  GAME.readProgress(({ offset, size }) => console.memory.sram.subarray(offset, offset + size)).items;

const sentTo = (server: MultiworldServer, slotName: string): readonly number[] =>
  server.room.items(server.room.slotNamed(slotName)!.slot).map(({ item }) => item);

describe.each(DOORS)('the virtual console behind %s', (door, createDriver) => {
  it.each(Object.entries(EXCHANGES))('%s: nobody gets the other one’s items', async (_, exchange) => {
    const rom = copyFor('Ana');
    await using running = await startConsole({ rom, name: 'Marshlight', [door]: 0, fps: FRAMES_PER_SECOND });
    await using server = await startServer({ room: twoSlotRoom(GAME, SEED) });
    const device = uriOf(running, door);
    await using play = new Play({ game: GAME, server, slotName: 'Ana', driver: createDriver(), device });
    await play.joined();
    const [reed, berry, flute] = GAME.gifts;
    await play.taken(play.give(reed));
    const mark = play.mark;
    for (const item of [berry, flute, berry, flute]) play.give(item);
    await exchange(running, openCartridge(copyFor('Ben'), 'Marshlight'));
    for (const item of [flute, reed, flute]) server.console(`/send Ben ${item}`);
    await play.until((event) => event.event === 'game.selected' && /Ben/.test(event.title), 'The other copy', mark);
    await expect.poll(() => sentTo(server, 'Ben').slice(itemsIn(running).length), { timeout: 20_000 }).toEqual([]);
    expect(itemsIn(running)).toEqual(sentTo(server, 'Ben'));
    expect(itemsIn(running).length).toBeGreaterThanOrEqual(3);
  });
});
