// npm run demo: two players, one of them in a real NES program in an emulator, joined by our connector and our bridge.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { type Session, startBridge } from '@causeway/bridge';
import { type Emulator, startEmulator } from '@causeway/testbed/emulator';
import { GAME, module, readGameRom, stampRom } from '@causeway/testbed/game';
import { type MultiworldServer, readRoomFile, startPartner, startServer } from '@causeway/testbed/server';
import { type DemoOptions, readDemoOptions, USAGE } from './demo-options.js';
import { judge } from './judge.js';
import { Narrator } from './narrator.js';
import { Stopwatch } from './stopwatch.js';

/** Longer than any run at the slowest speed; past it something hangs, and the demo must say so. */
const PATIENCE_MS = 10 * 60_000;

const findSlots = (server: MultiworldServer) => {
  const slots = [...server.room.definition.slots.values()];
  const mine = slots.find(({ game }) => game === GAME);
  const other = slots.find(({ game }) => game !== GAME);
  if (!mine || !other) throw new Error(`The demo's room must have a slot of ${GAME} and another one.`);
  return { mine, other };
};

const untilGoal = async (session: Session, narrator: Narrator, locations: number): Promise<boolean> => {
  const timeout = setTimeout(() => void session.stop(), PATIENCE_MS);
  try {
    for await (const event of session.events()) {
      narrator.session(event, locations);
      if (event.event === 'goal.reached') return true;
    }
    await session.done;
    return false;
  } finally {
    clearTimeout(timeout);
  }
};

const summary = (emulator: Emulator, server: MultiworldServer, slot: number, stopwatch: Stopwatch) => {
  const { checks, items, complaints } = judge(emulator, server.room, slot);
  const { frames } = stopwatch;
  const median = frames[Math.floor(frames.length / 2)] ?? Number.NaN;
  const lines = [
    `${checks} checks reported, ${items} items received, ${emulator.frame} frames played.`,
    `From a chest opening in the game to its check at the server: ${median} frames (median), ${frames.at(-1)} at most.`,
    complaints.length === 0 ? 'Nothing lost, nothing doubled.' : `WRONG: ${complaints.join('; ')}.`,
  ];
  return { lines, honest: complaints.length === 0 };
};

const stayUp = async (narrator: Narrator, devicePort: number, server: MultiworldServer): Promise<void> => {
  narrator.say(`
Everything stays up until Ctrl+C. The bridge has let go of the emulator, so in another terminal you can try:
  CAUSEWAY_PORT=${devicePort} npx causeway-bizhawk devices
  npx causeway-bizhawk watch WRAM:0x14:u8:taken --device bizhawk://127.0.0.1:${devicePort}
  npx causeway-bizhawk read WRAM 0x100 32 --device bizhawk://127.0.0.1:${devicePort}
The multiworld server listens on ${server.url}.`);
  await once(process, 'SIGINT');
};

const play = async ({ keep, fps }: DemoOptions): Promise<number> => {
  const room = await readRoomFile(fileURLToPath(new URL('../../../packages/testbed/rooms/duo.json', import.meta.url)));
  const narrator = new Narrator('Robin', process.stdout);
  let stopwatch: Stopwatch | undefined;
  await using server = await startServer({
    room,
    onEvent: (event) => {
      if (event.kind === 'sent' && event.finderName === 'Robin') stopwatch?.arrived(event.location);
      narrator.room(event);
    },
  });
  const { mine, other } = findSlots(server);
  const rom = stampRom(readGameRom(), { slotName: mine.name, seed: room.seed });
  await using emulator = await startEmulator({ rom, port: 0, fps });
  const port = await emulator.ready;
  using watch = new Stopwatch(emulator);
  stopwatch = watch;
  narrator.say(`A multiworld on ${server.url}, an emulator with our connector on port ${port}.`);
  await using _partner = startPartner({ url: server.url, slot: other, paceMs: 150_000 / fps });
  await using session = startBridge({
    driver: createBizHawkDriver({ ports: [port] }),
    server: `127.0.0.1:${server.port}`,
    modules: [module],
  });
  const reached = await untilGoal(session, narrator, mine.locations.size);
  await session.stop();
  const { lines, honest } = summary(emulator, server, mine.slot, watch);
  narrator.say(`\n${lines.join('\n')}`);
  if (keep) await stayUp(narrator, port, server);
  return reached && honest ? 0 : 1;
};

const main = async (): Promise<number> => {
  try {
    const options = readDemoOptions(process.argv.slice(2));
    if (options !== 'help') return await play(options);
    process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return 2;
  }
};

process.exitCode = await main();
