import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '@causeway/bridge/testing';
import { startServer } from '@causeway/testbed/server';
import { expect, it } from 'vitest';
import { act, giveOnce, pick, type Soak } from './soak-actions.js';
import { SoakPlayer } from './soak-player.js';
import { SLOTS, soakRoom } from './soak-room.js';

const SECONDS = Number(process.env['CAUSEWAY_SOAK_SECONDS'] ?? 5);
const SEED = Number(process.env['CAUSEWAY_SEED'] ?? 1 + (Date.now() % 1_000_000));
const CLIENTS = 200;
const ACTION_MS = 10;
const CATCH_UP_MS = 60_000 + 1_000 * SECONDS;
/** The room fills, and every client knows of it; that much the heap may grow in the second half, and no more. */
const HEAP_FACTOR = 1.5;

setFlagsFromString('--expose_gc');
const collect: () => void = runInNewContext('gc');

const heapMiB = async (): Promise<number> => {
  // What a promise or a socket holds on to goes a turn later.
  for (let turn = 0; turn < 3; turn += 1) {
    await pause(10);
    collect();
  }
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** Sockets and timers of this process. */
const handles = (): number => process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/.test(kind)).length;

const start = async (): Promise<Soak> => {
  const random = seededRandom(SEED);
  const server = await startServer({ room: soakRoom() });
  const address = `127.0.0.1:${server.port}`;
  // The room's page, for the day on which the room moves.
  const fetch = (): Promise<Response> => Promise.resolve(Response.json({ last_port: server.port }));
  const players = Array.from({ length: CLIENTS }, (_, index) => {
    const itemsHandling = index < SLOTS ? 7 : pick([0, 1, 3, 7], random);
    const options = { address, fetch, roomPage: 'http://127.0.0.1/room/soak' };
    return new SoakPlayer(1 + (index % SLOTS), itemsHandling, options);
  });
  return { server, players, random, missed: new Set(), counts: new Map() };
};

const play = async (soak: Soak, ms: number): Promise<void> => {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    act(soak);
    await pause(ACTION_MS);
  }
};

/** Everybody is in the room, has said all, and has read all. */
const catchUp = async ({ players }: Soak): Promise<void> => {
  const end = Date.now() + CATCH_UP_MS;
  const done = new Set<SoakPlayer>();
  while (done.size < players.length) {
    if (Date.now() > end) {
      const late = players.filter((player) => !done.has(player));
      throw new Error(`not caught up: ${late.map(({ slot, client }) => `${slot} ${client.status}`).join(', ')}`);
    }
    const waiting = players.filter((player) => !done.has(player));
    await Promise.all(
      waiting.map(async (player) => {
        const { client } = player;
        if (client.status === 'waiting') client.reconnect();
        if (client.status !== 'joined') return;
        const said = client.pendingChecks.length === 0;
        if (
          said &&
          (await player.caughtUp().then(
            () => true,
            () => false,
          ))
        )
          done.add(player);
      }),
    );
    await pause(100);
  }
};

type Entry = { readonly item: number; readonly location: number; readonly player: number };

const sorted = (ids: Iterable<number>): readonly number[] => [...ids].toSorted((a, b) => a - b);

const expectSame = ({ server, players }: Soak, player: SoakPlayer): void => {
  const { client, slot, itemsHandling } = player;
  const { room } = server;
  const own = (item: Entry) => item.player === slot && item.location > 0;
  const sent = room.items(slot).filter((item) => (itemsHandling & 2) !== 0 || !own(item));
  const items = (itemsHandling & 1) === 0 ? [] : sent;
  const plain = ({ item, location, player }: Entry) => [item, location, player];
  expect(client.room?.items.map((item) => plain(item))).toEqual(items.map((item) => plain(item)));
  expect(player.received).toBe(items.length);
  expect(sorted(client.room?.checked ?? [])).toEqual(sorted(room.checked(slot)));
  const hints = room.hints(slot).map(({ finder, location, found, status }) => [finder, location, found, status]);
  const known = client.hints.map(({ finder, location, found, status }) => [finder, location, found, status]);
  expect(known.map(String).toSorted()).toEqual(hints.map(String).toSorted());
  expect(player.hinted).toBe(hints.length);
  expect(client.details?.hintPoints).toBe(room.hintPoints(slot));
  expect(String(player.shared)).toBe(String(room.stored('shared') ?? null));
  // No check lost, none invented.
  const reported = players.filter((other) => other.slot === slot).flatMap((other) => [...other.reported]);
  expect(sorted(room.checked(slot))).toEqual(sorted(new Set(reported)));
};

it(
  `keeps ${CLIENTS} clients of one room true through ${SECONDS} s of play and faults (CAUSEWAY_SEED=${SEED})`,
  async () => {
    const before = handles();
    const soak = await start();
    const { server, players } = soak;
    await catchUp(soak);
    const began = process.cpuUsage();

    await play(soak, 250 * SECONDS);
    const save = server.save();
    await play(soak, 250 * SECONDS);
    // Measured as at the end: with nothing under way.
    server.faults.delayMs = 0;
    await catchUp(soak);
    const middle = await heapMiB();
    await server.restart({ port: 0 });
    await play(soak, 250 * SECONDS);
    // The room goes back to what it was a while ago, and hears all that it forgot.
    await server.restart({ save });
    await play(soak, 250 * SECONDS);

    const cpu = process.cpuUsage(began);
    server.faults.clear();
    await catchUp(soak);
    giveOnce(soak);
    await catchUp(soak);
    const end = await heapMiB();
    for (const player of players) expectSame(soak, player);

    const unsettled = (): number => players.reduce((sum, player) => sum + player.unsettled, 0);
    await Promise.all(players.map(({ client }) => client.close()));
    expect(unsettled()).toBe(0);
    await server.stop();
    await pause(50);
    expect(handles()).toBeLessThanOrEqual(before);
    expect(end).toBeLessThan(middle * HEAP_FACTOR);

    const sum = (of: (player: SoakPlayer) => number) => players.reduce((total, player) => total + of(player), 0);
    const figures = {
      seed: SEED,
      seconds: SECONDS,
      clients: CLIENTS,
      actions: Object.fromEntries(soak.counts),
      connectionsLost: sum(({ lost }) => lost),
      moved: sum(({ moved }) => moved),
      requestsSettled: sum(({ settled }) => settled),
      itemsHeld: sum(({ received }) => received),
      heapMiB: { middle: Math.round(middle), end: Math.round(end) },
      rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
      cpuSeconds: Math.round((cpu.user + cpu.system) / 1e5) / 10,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  },
  120_000 + 2_000 * SECONDS + 2 * CATCH_UP_MS,
);
