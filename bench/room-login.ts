import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure } from './contract.js';
import { GAMES } from './support/big-room.js';
import { Child } from './support/child.js';
import { DelayProxy } from './support/delay-proxy.js';
import { CLIENTS, type ClientName, fillCaches, type Joined, loginOnce } from './support/multiworld-clients.js';
import { median, range } from './support/statistics.js';

const ROOM_SEED = 77;
const DELAY_MS = 30;

interface Case {
  readonly what: string;
  readonly port: number;
  /** Absent: cold. */
  readonly caches?: Readonly<Record<ClientName, string>>;
}

const checked = (joined: Joined, client: ClientName): Joined => {
  if (joined.named !== GAMES) throw new Error(`${client} knows names of ${joined.named} games out of ${GAMES}`);
  return joined;
};

/** Both clients in turn, so that what else the machine does hits them alike. */
const measure = async ({ what, port, caches }: Case, times: number): Promise<readonly Figure[]> => {
  const runs: Record<ClientName, Joined[]> = { causeway: [], 'archipelago.js': [] };
  for (let round = 0; round < times; round++) {
    for (const client of CLIENTS) {
      const cache = caches ? { cache: caches[client] } : {};
      runs[client].push(checked(await loginOnce(client, { port, player: 1, names: true, ...cache }), client));
    }
  }
  const figure = (name: string, of: (joined: Joined) => number): Figure => ({
    what: `${name}, ${what}`,
    unit: 'ms',
    ours: median(runs.causeway.map(of)),
    beside: { name: 'archipelago.js', value: median(runs['archipelago.js'].map(of)) },
    samples: times,
    spread: range(runs.causeway.map(of)),
  });
  return [
    figure('login', ({ loginMs }) => loginMs),
    figure('login and a name of every game', ({ loginMs, namesMs }) => loginMs + namesMs),
  ];
};

/** From the start of the connection to the handled `Connected`. */
export const roomLogin: Bench = {
  name: 'room-login',
  how: `A generated room of ${GAMES} games and slots (seed ${ROOM_SEED}) on the testbed server in a process of its own; a fresh process per login, both clients in turn; cold: no data package at hand, warm: all of them in files.`,
  run: async ({ smoke }) => {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-bench-'));
    try {
      await using server = Child.start('room-server', [String(ROOM_SEED)]);
      const { port } = await server.next<{ port: number }>('listening');
      await using proxy = await DelayProxy.start(port, DELAY_MS);
      const caches = await fillCaches(port, folder);
      const far = `${DELAY_MS} ms each way`;
      const cases: readonly Case[] = [
        { what: 'cold', port },
        { what: 'warm', port, caches },
        { what: `cold, ${far}`, port: proxy.port },
        { what: `warm, ${far}`, port: proxy.port, caches },
      ];
      const figures: Figure[] = [];
      for (const each of smoke ? cases.slice(0, 2) : cases) figures.push(...(await measure(each, smoke ? 1 : 5)));
      return figures;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
