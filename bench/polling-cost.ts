import { setTimeout as sleep } from 'node:timers/promises';
import { readRoomFile, startServer } from '@causeway/testbed/server';
import type { Bench, Figure } from './contract.js';
import { benchPath, Child } from './support/child.js';
import { measuredCommand, usedOver } from './support/measured-command.js';

const cpu = (what: string, ours: number): Figure => ({ what: `CPU ${what}`, unit: '% of a core', ours });
const memory = (what: string, ours: number): Figure => ({ what: `resident memory ${what}`, unit: 'MiB', ours });

/** What the command costs while it plays, while the emulator is paused, and while there is none. */
export const pollingCost: Bench = {
  name: 'polling-cost',
  how: 'The built command plays Emberwalk in an emulator process at 60.0988 frames a second, one batch a frame; then the emulator is paused, then closed.',
  run: async ({ smoke }) => {
    const [settleMs, playMs, idleMs] = smoke ? [200, 300, 300] : [3000, 20_000, 8000];
    const room = await readRoomFile(benchPath('../packages/testbed/rooms/duo.json'));
    const [slot] = room.slots.values();
    let joined = (): void => {};
    const playing = new Promise<void>((resolve) => {
      joined = resolve;
    });
    await using server = await startServer({ room, onEvent: ({ kind }) => (kind === 'status' ? joined() : undefined) });
    await using emulator = Child.start('emulator');
    const { port } = await emulator.ask<{ port: number }>('start', { slotName: slot?.name, seed: room.seed });
    await using command = measuredCommand([
      'run',
      ...['--device', `bizhawk://127.0.0.1:${port}`],
      ...['--server', `127.0.0.1:${server.port}`],
      ...['--module', benchPath('processes/emberwalk.mjs')],
    ]);
    await playing;
    await sleep(settleMs);
    const playingUse = await usedOver(command, playMs);
    await emulator.ask('pause');
    await sleep(settleMs);
    const pausedUse = await usedOver(command, idleMs);
    await emulator.ask('close');
    await sleep(settleMs);
    const aloneUse = await usedOver(command, idleMs);
    return [
      cpu('while playing, polling every frame', playingUse.percent),
      cpu('while the emulator is paused', pausedUse.percent),
      cpu('while looking for an emulator', aloneUse.percent),
      memory('while playing', playingUse.rssMib),
    ];
  },
};
