import { fileURLToPath } from 'node:url';
import { createDolphinDriver } from '@causeway/dolphin-bridge';
import {
  type DolphinBuild,
  GAME,
  GAME_IDS,
  PROGRESS_REGIONS,
  readDolphinProgram,
  readProgress,
  stampProgram,
} from '@causeway/testbed/dolphin-game';
import { readRoomFile, startPartner, startServer } from '@causeway/testbed/server';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { DOLPHIN_PROBE, Dolphin } from '../dolphin/dolphin.js';
import { BridgeCommand } from '../whole-game/bridge-command.js';

const ROOM = fileURLToPath(new URL('../../../packages/testbed/rooms/rillgate.json', import.meta.url));
const BUILDS = Object.keys(GAME_IDS) as DolphinBuild[];

describe.skipIf(!toolAvailable('dolphin', DOLPHIN_PROBE))('a whole game in the real Dolphin', () => {
  it.each(BUILDS)('goes from the first chest to the goal through causeway-dolphin run: %s', async (build) => {
    const room = await readRoomFile(ROOM);
    await using server = await startServer({ room });
    const mine = [...room.slots.values()].find(({ game }) => game === GAME)!;
    const other = [...room.slots.values()].find(({ game }) => game !== GAME)!;
    const program = stampProgram(readDolphinProgram(build), { slotName: mine.name, seed: room.seed });
    await using dolphin = await Dolphin.start({ program });
    await using _partner = startPartner({ url: server.url, slot: other, paceMs: 50 });
    await using command = await BridgeCommand.run({
      bridge: 'dolphin-bridge',
      game: 'dolphin-game',
      device: dolphin.uri,
      serverPort: server.port,
    });
    await command.until('goal.reached');
    expect(await command.interrupt()).toBe(130);
    expect(server.room.status(mine.slot)).toBe(30);
    expect(server.room.missing(mine.slot)).toEqual([]);

    await using device = await createDolphinDriver().open(dolphin.uri);
    const { reads } = await device.run(
      PROGRESS_REGIONS.map(({ domain, offset, size }) => ({ kind: 'read', at: { domain, offset }, size })),
    );
    const { items, locations } = readProgress((region) => reads[PROGRESS_REGIONS.indexOf(region)]!);
    expect(locations).toHaveLength(mine.locations.size);
    expect(items).toEqual(server.room.items(mine.slot).map(({ item }) => item));
  });
});
