import type { MultiworldServer } from '@causeway/testbed/server';
import type { SoakPlayer } from './soak-player.js';
import { nameOf, places } from './soak-room.js';

export interface Soak {
  readonly server: MultiworldServer;
  readonly players: readonly SoakPlayer[];
  readonly random: () => number;
  /** Slots that may have missed an item and cannot know. */
  readonly missed: Set<number>;
  readonly counts: Map<string, number>;
}

type Action = readonly [weight: number, name: string, run: (soak: Soak, player: SoakPlayer) => unknown];

export const pick = <Value>(values: readonly Value[], random: () => number): Value =>
  values[Math.floor(random() * values.length)] as Value;

const place = ({ random }: Soak): number => pick(places, random);

const PLAY: readonly Action[] = [
  [30, 'check', (soak, player) => player.check(place(soak))],
  [6, 'chat', (soak, { client }) => client.say(`${soak.random()}`)],
  [3, 'command', (soak, { client }) => client.say(pick(['!missing', '!players', '!checked'], soak.random))],
  [8, 'store', (_, { client }) => client.store('shared', [{ operation: 'add', value: 1 }], 0)],
  [4, 'set', (soak, player) => player.ask(player.client.set('own', [{ operation: 'replace', value: soak.random() }]))],
  [4, 'get', (_, player) => player.ask(player.client.get(['own', 'shared', '_read_race_mode']))],
  [4, 'scout', (soak, player) => player.ask(player.client.scout([place(soak), place(soak), 7]))],
  [4, 'hint', (soak, { client }) => client.createHints([place(soak)])],
  [2, 'think', (soak, { client, slot }) => client.updateHint(slot, place(soak), pick([0, 10, 20, 30], soak.random))],
  [1, 'energy up', (_, player) => player.ask(player.client.energy.give(10n ** 18n))],
  [1, 'energy down', (_, player) => player.ask(player.client.energy.take(10n ** 19n))],
  [1, 'rings', (_, { client }) => client.ring(5)],
  [1, 'death', (_, { client, slot }) => client.death({ source: `Walker ${slot}` })],
  [1, 'trap', (_, { client }) => client.trap('Ice Trap')],
  [1, 'tag', (soak, { client }) => client.tag('TrapLink', soak.random() < 0.5)],
  [1, 'status', (soak, { client }) => client.playing(soak.random() < 0.5)],
  [1, 'items', (soak, player) => player.receiveItems(pick([0, 1, 3, 5, 7], soak.random))],
  [2, 'knock', (_, { client }) => client.reconnect()],
];

const FAULTS: readonly Action[] = [
  [2, 'cut', ({ server }, { slot }) => server.faults.cut((connection) => connection.slot === slot)],
  [1, 'close', ({ server }, { slot }) => server.faults.close(1001, (connection) => connection.slot === slot)],
  [2, 'swallow', (soak, { slot }) => swallow(soak, slot)],
  [2, 'repeat', ({ server }, { slot }) => server.faults.duplicate(3, (connection) => connection.slot === slot)],
  [1, 'garbage', ({ server }, { slot }) => server.faults.garbage('[{"cmd":', (one) => one.slot === slot)],
  [1, 'half', ({ server }, { slot }) => halfThenCut(server, slot)],
  [1, 'delay', (soak) => delay(soak)],
];

const halfThenCut = (server: MultiworldServer, slot: number): void => {
  const target = (connection: { readonly slot: number }): boolean => connection.slot === slot;
  server.faults.halfFrame(target);
  server.faults.cut(target);
};

const swallow = ({ server, missed }: Soak, slot: number): void => {
  missed.add(slot);
  server.faults.swallow('ReceivedItems', 1, (connection) => connection.slot === slot);
};

const delay = ({ server, random }: Soak): void => {
  server.faults.delayMs = random() < 0.5 ? 0 : Math.floor(random() * 30);
};

const ACTIONS = [...PLAY, ...FAULTS];
const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

/** Something a player or the network does. */
export const act = (soak: Soak): void => {
  let at = soak.random() * TOTAL;
  for (const [weight, name, run] of ACTIONS) {
    at -= weight;
    if (at >= 0) continue;
    soak.counts.set(name, 1 + (soak.counts.get(name) ?? 0));
    run(soak, pick(soak.players, soak.random));
    return;
  }
};

/** Whoever missed an item gets another one: its index tells. */
export const giveOnce = ({ server, missed }: Soak): void => {
  for (const slot of missed) server.console(`/send "${nameOf(slot)}" Stone`);
};
