import { MEM1_BASE, PLAYER, readDolphinProgram, STATE, STATS } from '@causeway/testbed/dolphin-game';
import { describe, expect, it } from 'vitest';
import { readBehindPointers } from '../../../examples/memory/src/read-behind-pointers.js';
import { toolAvailable } from '../../support/require-tool.js';
import { DOLPHIN_PROBE, Dolphin } from './dolphin.js';

describe.skipIf(!toolAvailable('dolphin', DOLPHIN_PROBE))('the example of the README', () => {
  it('reads behind pointers in the real Dolphin', async () => {
    await using dolphin = await Dolphin.start({ program: readDolphinProgram('gc') });
    const table = MEM1_BASE + STATE.player.offset;
    const health = () => readBehindPointers(table, [PLAYER.stats, STATS.health], dolphin.uri);
    // Nobody is there before the first stage.
    await expect.poll(health, { timeout: 20_000 }).toEqual(Uint8Array.of(0, 12));
    expect(await readBehindPointers(MEM1_BASE + STATE.magic.offset, [0, 0], dolphin.uri)).toMatch(/pointer at step/);
  });
});
