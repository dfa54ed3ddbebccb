import { createRetroArchDriver } from '@causeway/sni-bridge/retroarch';
import { startServer } from '@causeway/testbed/server';
import { CARTRIDGE_MAPPINGS } from '@causeway/testbed/snes-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { Play } from '../delivery/play.js';
import { twoSlotRoom } from '../delivery/test-game.js';
import { RETROARCH_PROBE, RetroArchConsole } from '../retroarch/retroarch.js';
import { BadNetwork } from './bad-network.js';
import { marshlight } from './marshlight.js';

const ROOM_SEED = 'bad-network';
const SEED = Number(process.env['CAUSEWAY_NETWORK_SEED'] ?? Date.now() % 100_000);
const BAD = { loss: 0.05, duplication: 0.3, delay: 0.2, delayMs: 120 };
const ITEMS = 6;

/** Small and the same everywhere. */
const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE))('a bad network to the real RetroArch', () => {
  it.each(CARTRIDGE_MAPPINGS)(
    `loses and doubles datagrams, no items and no checks: %s (seed ${SEED})`,
    async (mapping) => {
      const game = marshlight(mapping);
      const [image] = Object.values(game.images);
      await using console = await RetroArchConsole.start(image!({ slotName: 'Ana', seed: ROOM_SEED }));
      await using server = await startServer({ room: twoSlotRoom(game, ROOM_SEED) });
      await using network = await BadNetwork.to(console.uri, randomOf(SEED));
      await using play = new Play({
        game,
        server,
        slotName: 'Ana',
        driver: createRetroArchDriver(),
        device: network.uri,
      });
      await play.joined();
      network.worsen(BAD);
      for (let given = 0; given < ITEMS; given++) play.give(game.gifts[given % 3]!);
      await play.taken(ITEMS);
      network.worsen({ loss: 0, duplication: 0, delay: 0, delayMs: 0 });
      expect(await play.bag()).toEqual(play.sent);
      expect(await play.unreported()).toEqual([]);
      expect(Math.min(network.toll.lost, network.toll.doubled, network.toll.late)).toBeGreaterThan(0);
    },
  );
});
