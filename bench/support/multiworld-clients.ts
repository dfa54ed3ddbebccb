import { join } from 'node:path';
import { benchPath, type Child } from './child.js';
import { measured } from './measured-command.js';

/** What is measured side by side. */
export const CLIENTS = ['causeway', 'archipelago.js'] as const;
export type ClientName = (typeof CLIENTS)[number];

export interface ClientRequest {
  readonly port: number;
  /** Number of the player, from 1. */
  readonly player: number;
  /** Where the client finds every data package; absent: it has none. */
  readonly cache?: string;
  /** Where the client shall leave its data packages. */
  readonly save?: string;
  /** Whether it shall look up a name of every game after the login. */
  readonly names?: boolean;
}

export interface Joined {
  readonly loginMs: number;
  /** For one name of each game, after the login. */
  readonly namesMs: number;
  /** Games whose name was known. */
  readonly named: number;
  readonly items: number;
  /** The message with the whole item list, and the time from its being received and inflated to its being handled. */
  readonly itemList?: { readonly bytes: number; readonly ms: number };
}

/** A process of a client that is logging in. */
export const startClient = (client: ClientName, { port, player, ...wishes }: ClientRequest): Child => {
  const options = { url: `ws://127.0.0.1:${port}`, slot: `Player${player}`, game: `Game ${player}`, ...wishes };
  return measured(benchPath('processes/multiworld-client.mjs'), [client, JSON.stringify(options)]);
};

/** Lets each client leave its data packages of the room in a folder. */
export const fillCaches = async (port: number, folder: string): Promise<Readonly<Record<ClientName, string>>> => {
  const caches = { causeway: join(folder, 'packages'), 'archipelago.js': join(folder, 'packages.json') };
  for (const client of CLIENTS) await loginOnce(client, { port, player: 1, save: caches[client] });
  return caches;
};

/** A client's login in a process that ends with it. */
export const loginOnce = async (client: ClientName, request: ClientRequest): Promise<Joined> => {
  await using child = startClient(client, request);
  return await child.next<Joined>('joined');
};
