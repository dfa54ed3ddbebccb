// An emulator with our connector: tells when a flag was set and when frames ended, on a clock all processes share.

import { between, seededRandom } from '@causeway/bridge/testing';
import { type Emulator, startEmulator } from '@causeway/testbed/emulator';
import { readGameRom, stampRom } from '@causeway/testbed/game';
import { sharedTime } from '../support/shared-time.js';
import { serve } from './tell.js';

let emulator: Emulator | undefined;
/** When each frame ended, by frame. */
const frameEnds: number[] = [];

const running = (): Emulator => {
  if (!emulator) throw new Error('no emulator runs');
  return emulator;
};

const start = async (slotName: string, seed: string): Promise<number> => {
  emulator = await startEmulator({ rom: stampRom(readGameRom(), { slotName, seed }), port: 0 });
  emulator.onFrame((frame) => {
    frameEnds[frame] = sharedTime();
  });
  return emulator.ready;
};

/** Sets flags one after another at the ends of frames, as far apart as the seed says, for as long as there are any. */
const setFlags = (offset: number, count: number, seed: number): Promise<readonly { frame: number; at: number }[]> => {
  const random = seededRandom(seed);
  const memory = running().machine.domains.find(({ name }) => name === 'WRAM');
  if (!memory) throw new Error('the machine has no WRAM');
  const set: { frame: number; at: number }[] = [];
  let due = running().frame + between(random, 3, 13);
  return new Promise((resolve) => {
    const stop = running().onFrame((frame) => {
      if (frame < due) return;
      const flag = set.length;
      memory.poke(offset + (flag >> 3), memory.peek(offset + (flag >> 3)) | (1 << (flag & 7)));
      set.push({ frame, at: sharedTime() });
      due = frame + between(random, 3, 13);
      if (set.length < count) return;
      stop();
      resolve(set);
    });
  });
};

serve({
  start: async ({ slotName, seed }) => ({ port: await start(String(slotName), String(seed)) }),
  flags: async ({ offset, count, seed }) => ({ set: await setFlags(Number(offset), Number(count), Number(seed)) }),
  frames: () => ({ frame: running().frame, ends: frameEnds }),
  pause: () => {
    running().pause();
    return {};
  },
  close: async () => {
    await running().close();
    return {};
  },
});
