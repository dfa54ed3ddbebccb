import { describe, expect, it } from 'vitest';
import { readRecordings } from '../server/recording.js';
import { offence } from './legality.js';
import { RecordedServer } from './recorded-peer.js';
import { chainsOf, loginOf, ReplayedClient, recordedPackages } from './replay-client.js';

const recordings = readRecordings();
const packages = recordedPackages(recordings);

const chains = recordings.flatMap((recording) =>
  chainsOf(recording).map((chain) => ({ name: `${recording.name} ${chain[0]?.conn}`, chain, connect: loginOf(chain) })),
);

/** Connections no client of ours would make: their logins are broken on purpose, or they never log in. */
const NOT_OURS = ['datapackage A', 'unauthenticated A'];

describe('our client against the recordings of the real server', () => {
  const playable = chains.filter(({ name, connect }) => connect !== undefined && !NOT_OURS.includes(name));

  it('leaves out only connections that break the rules on purpose', () => {
    const left = chains.filter((chain) => !playable.includes(chain)).map(({ name }) => name);
    for (const name of left) expect(name).toMatch(/^(connect-malformed|invalid-frames|unauthenticated|datapackage) /);
    expect(playable.length).toBeGreaterThan(55);
  });

  const tally = new Map<string, number>();

  it.each(playable)('$name', async ({ chain, connect }) => {
    if (!connect) throw new Error('not playable');
    await using server = await RecordedServer.listen();
    await using replay = new ReplayedClient(server, chain, connect, packages);
    await replay.play();
    for (const cmd of replay.done) tally.set(cmd, (tally.get(cmd) ?? 0) + 1);
    const { client, expected, events } = replay;

    for (const { given, recorded } of replay.answers) expect(await given).toEqual(recorded);
    for (const packet of replay.sent) {
      expect(offence(packet, expected.locations.size > 0 ? expected.locations : new Set())).toBeUndefined();
    }
    if (expected.refused) {
      const refused = events.flatMap((event) => (event.kind === 'refused' ? [event] : []));
      expect(client.status).toBe('refused');
      expect(refused.map(({ reasons }) => [...reasons].sort())).toEqual([[...expected.refused].sort()]);
      expect(refused[0]?.error.code).toMatch(/^server_refused_/);
      return;
    }
    expect(client.room?.items).toEqual(
      expected.items.map(({ item, location, player, flags }, index) => ({ index, item, location, player, flags })),
    );
    expect(new Set(client.room?.checked)).toEqual(expected.checked);
    expect(new Set(client.room?.locations)).toEqual(expected.locations);
    expect(Object.fromEntries(client.room?.players.map(({ slot, alias }) => [slot, alias]) ?? [])).toEqual(
      expected.aliases,
    );
    const texts = events.flatMap((event) => (event.kind === 'text' ? [event] : []));
    expect(texts.map(({ category }) => category)).toEqual(expected.texts);
    for (const { text } of texts) expect(text).not.toContain('Unknown');
    expect(events.flatMap((event) => (event.kind === 'death' ? [event.death.time] : []))).toEqual(expected.deaths);
    const refusedPackets = events.filter(({ kind }) => kind === 'problem');
    expect(refusedPackets).toHaveLength(expected.invalid);
  });

  it('did with the client what the recorded programs did', () => {
    // Sync, resending of 10 (ready), changes of items_handling and packets broken on purpose have no counterpart.
    const kinds = ['Connect', 'LocationChecks', 'StatusUpdate', 'Say', 'Bounce', 'ConnectUpdate', 'LocationScouts'];
    kinds.push('CreateHints', 'UpdateHint', 'Get', 'SetNotify', 'Set');
    expect([...tally.keys()].sort()).toEqual(kinds.sort());
    expect(tally.get('Connect')).toBeGreaterThan(60);
    expect(tally.get('Set')).toBeGreaterThan(45);
  });
});
