import { fileURLToPath } from 'node:url';
import type { Device } from '@causeway/bridge/device';
import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import type { Progress } from '@causeway/testbed/game';
import { readRoomFile, startPartner, startServer } from '@causeway/testbed/server';
import { buildCartridge, GAME, PROGRESS_REGIONS, readProgress } from '@causeway/testbed/snes-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { RETROARCH_PROBE, RetroArchConsole } from '../retroarch/retroarch.js';
import { BridgeCommand } from '../whole-game/bridge-command.js';

const progressOf = async (device: Device): Promise<Progress> => {
  const { reads } = await device.run(
    PROGRESS_REGIONS.map(({ domain, offset, size }) => ({ kind: 'read', at: { domain, offset }, size })),
  );
  return readProgress((region) => reads[PROGRESS_REGIONS.indexOf(region)]!);
};

const ROOM = fileURLToPath(new URL('../../../packages/testbed/rooms/marshlight.json', import.meta.url));

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE))('a whole game in the real RetroArch', () => {
  it('goes from the first chest to the goal through causeway-sni run', { timeout: 180_000 }, async () => {
    const room = await readRoomFile(ROOM);
    await using server = await startServer({ room });
    const mine = [...room.slots.values()].find(({ game }) => game === GAME)!;
    const other = [...room.slots.values()].find(({ game }) => game !== GAME)!;
    const copy = { mapping: 'lorom', slotName: mine.name, seed: room.seed, autoplay: 90 } as const;
    await using retroarch = await RetroArchConsole.start(buildCartridge(copy));
    await using _partner = startPartner({ url: server.url, slot: other, paceMs: 50 });
    await using command = await BridgeCommand.run({
      bridge: 'sni-bridge',
      game: 'snes-game',
      device: retroarch.uri,
      serverPort: server.port,
    });
    await command.until('server.connected');
    // As fast as this machine can: an hour of play is not needed to know that nothing is missed.
    await retroarch.toggleFastForward();

    await command.until('goal.reached');
    // The light may be lit before the last chest is found.
    await expect.poll(() => server.room.missing(mine.slot), { timeout: 60_000 }).toEqual([]);
    await using judge = await createRetroArchDriver().open(retroarch.uri);
    await expect
      .poll(() => progressOf(judge), { timeout: 20_000 })
      .toEqual({
        locations: [...mine.locations.keys()],
        items: server.room.items(mine.slot).map(({ item }) => item),
      });
    expect(await command.interrupt()).toBe(130);
    expect(server.room.status(mine.slot)).toBe(30);
  });
});
