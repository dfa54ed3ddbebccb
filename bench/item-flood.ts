import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Figure } from './contract.js';
import { FLOOD, GAMES } from './support/big-room.js';
import { Child } from './support/child.js';
import { usedOver } from './support/measured-command.js';
import {
  CLIENTS,
  type ClientName,
  fillCaches,
  type Joined,
  loginOnce,
  startClient,
} from './support/multiworld-clients.js';
import { median, range } from './support/statistics.js';

const ROOM_SEED = 77;

const handled = async (client: ClientName, port: number): Promise<number> => {
  const { items, itemList }: Joined = await loginOnce(client, { port, player: GAMES });
  if (items !== FLOOD || itemList === undefined) throw new Error(`${client} was given ${items} items, not ${FLOOD}`);
  return itemList.ms;
};

/** Both clients logged in at once, for the same while, their data packages in files. */
const idle = async (port: number, folder: string, ms: number) => {
  const caches = await fillCaches(port, folder);
  await using ours = startClient('causeway', { port, player: 1, cache: caches.causeway });
  await using other = startClient('archipelago.js', { port, player: 1, cache: caches['archipelago.js'] });
  await Promise.all([ours.next('joined'), other.next('joined')]);
  await sleep(1000);
  return await Promise.all([usedOver(ours, ms), usedOver(other, ms)]);
};

/** A long item list in one packet, and what a client costs that nobody speaks to. */
export const itemFlood: Bench = {
  name: 'item-flood',
  how: `The room of the login bench; ${FLOOD} items come with the login in one packet, timed in the client from the message's arrival to its having been handled; then both clients idle at once.`,
  run: async ({ smoke }) => {
    await using server = Child.start('room-server', [String(ROOM_SEED)]);
    const { port } = await server.next<{ port: number }>('listening');
    const times: Record<ClientName, number[]> = { causeway: [], 'archipelago.js': [] };
    for (let round = 0; round < (smoke ? 1 : 7); round++) {
      for (const client of CLIENTS) times[client].push(await handled(client, port));
    }
    const folder = await mkdtemp(join(tmpdir(), 'causeway-bench-'));
    const [ours, other] = await idle(port, folder, smoke ? 300 : 15_000).finally(() =>
      rm(folder, { recursive: true, force: true }),
    );
    const name = 'archipelago.js';
    const figures: readonly Figure[] = [
      {
        what: `${FLOOD} items in one packet`,
        unit: 'ms',
        ours: median(times.causeway),
        beside: { name, value: median(times[name]) },
        samples: times.causeway.length,
        spread: range(times.causeway),
      },
      {
        what: 'CPU of an idle client',
        unit: '% of a core',
        ours: ours.percent,
        beside: { name, value: other.percent },
      },
      {
        what: 'resident memory of an idle client',
        unit: 'MiB',
        ours: ours.rssMib,
        beside: { name, value: other.rssMib },
      },
    ];
    return figures;
  },
};
