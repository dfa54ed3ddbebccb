import { fileURLToPath } from 'node:url';
import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { GAME, PROGRESS_REGIONS, readGameRom, readProgress, stampRom } from '@causeway/testbed/game';
import { readRoomFile, startPartner, startServer } from '@causeway/testbed/server';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { FCEUX_PROBE, Fceux } from '../fceux/fceux.js';
import { startVirtualDisplay } from '../fceux/virtual-display.js';
import { BridgeCommand } from './bridge-command.js';

const ROOM = fileURLToPath(new URL('../../../packages/testbed/rooms/duo.json', import.meta.url));

describe.skipIf(!toolAvailable('fceux', FCEUX_PROBE))('a whole game in the real FCEUX', () => {
  it('goes from the first chest to the goal through causeway-bizhawk run', { timeout: 180_000 }, async () => {
    const room = await readRoomFile(ROOM);
    await using server = await startServer({ room });
    const mine = [...room.slots.values()].find(({ game }) => game === GAME)!;
    const other = [...room.slots.values()].find(({ game }) => game !== GAME)!;
    await using display = await startVirtualDisplay();
    await using fceux = await Fceux.start(stampRom(readGameRom(), { slotName: mine.name, seed: room.seed }), display);
    await using _partner = startPartner({ url: server.url, slot: other, paceMs: 50 });
    await using command = await BridgeCommand.run({
      bridge: 'bizhawk-bridge',
      game: 'game',
      device: `bizhawk://127.0.0.1:${fceux.port}`,
      serverPort: server.port,
    });
    await command.until('server.connected');
    // As fast as this machine can: an hour of play is not needed to know that every frame was watched.
    await fceux.press('speed maximum');

    await command.until('goal.reached');
    expect(await command.interrupt()).toBe(130);
    expect(server.room.status(mine.slot)).toBe(30);
    expect(server.room.missing(mine.slot)).toEqual([]);

    await fceux.press('speed normal');
    await using device = await createBizHawkDriver().open(`bizhawk://127.0.0.1:${fceux.port}`);
    const { reads } = await device.run(
      PROGRESS_REGIONS.map(({ domain, offset, size }) => ({ kind: 'read', at: { domain, offset }, size })),
    );
    const { items, locations } = readProgress((region) => reads[PROGRESS_REGIONS.indexOf(region)]!);
    expect(locations).toHaveLength(mine.locations.size);
    expect(items).toEqual(server.room.items(mine.slot).map(({ item }) => item));
  });
});
