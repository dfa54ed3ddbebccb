import type { Json } from '@causeway/protocol/archipelago';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/virtual-clock.js';
import { ClientHarness } from './testing/client-harness.js';

const joined = async (...tags: readonly string[]): Promise<ClientHarness> => {
  const harness = new ClientHarness({ tags: ['AP', ...tags] });
  await harness.join();
  return harness;
};

const bounces = (harness: ClientHarness) =>
  harness.socket.take().flatMap((packet) => (packet.cmd === 'Bounce' ? [packet] : []));

const hear = (harness: ClientHarness, tag: string, data: Json): void =>
  harness.socket.say({ cmd: 'Bounced', tags: [tag], data });

describe('TrapLink', () => {
  it('springs a trap on the others, not on ourselves', async () => {
    const harness = await joined('TrapLink');
    expect(harness.client.trap('Ice Trap')).toBe(true);
    const [bounce] = bounces(harness);
    expect(bounce).toMatchObject({ tags: ['TrapLink'], data: { source: 'Ana', trap_name: 'Ice Trap' } });
    const { time } = (bounce?.data ?? {}) as { readonly time: number };
    expect(time % 1).not.toBe(0);
    await harness.clock.advance(5_000);
    hear(harness, 'TrapLink', bounce?.data ?? null);
    expect(harness.last('trap')).toBeUndefined();
    hear(harness, 'TrapLink', { time: 5.5, source: 'Bob\u001b[2J', trap_name: 'Bomb' });
    expect(harness.last('trap')?.trap).toEqual({ time: 5.5, source: expect.stringMatching(/^Bob/), name: 'Bomb' });
    expect(harness.last('trap')?.trap.source).not.toContain('\u001b');
  });

  it('does not go round: within a second nothing more is sent or sprung', async () => {
    const harness = await joined('TrapLink');
    hear(harness, 'TrapLink', { time: 5.5, source: 'Bob', trap_name: 'Bomb' });
    expect(harness.client.trap('Bomb')).toBe(false);
    hear(harness, 'TrapLink', { time: 5.6, source: 'Cay', trap_name: 'Fish' });
    expect(harness.kinds().filter((kind) => kind === 'trap')).toHaveLength(1);
    await harness.clock.advance(1_000);
    expect(harness.client.trap('Bomb')).toBe(true);
  });

  it('is silent without the tag, and reads what others make of it', async () => {
    const harness = await joined();
    expect(harness.client.trap('Bomb')).toBe(false);
    harness.client.tag('TrapLink', true);
    await settled();
    harness.socket.take();
    hear(harness, 'TrapLink', null);
    hear(harness, 'TrapLink', { trap_name: 7, source: [] });
    expect(harness.last('trap')).toBeUndefined();
    hear(harness, 'TrapLink', { trap_name: 'Fish', source: 5 });
    expect(harness.last('trap')?.trap).toMatchObject({ name: 'Fish', source: 'Unknown player' });
    harness.socket.end();
    expect(harness.client.trap('Bomb')).toBe(false);
  });
});

describe('RingLink', () => {
  it('adds up what is won and lost in a short while, and loses none', async () => {
    const harness = await joined('RingLink');
    for (const amount of [5, 1, 2, -10, 0]) expect(harness.client.ring(amount)).toBe(true);
    await harness.clock.advance(500);
    const amounts = bounces(harness).map(({ data }) => (data as { amount: number }).amount);
    expect(amounts).toEqual([5, -7]);
    await harness.clock.advance(500);
    harness.client.ring(3);
    expect(bounces(harness)).toMatchObject([{ data: { amount: 3, source: expect.any(Number) } }]);
    expect(harness.client.ring(0.5)).toBe(false);
  });

  it('knows its own source, and everybody else by theirs', async () => {
    const harness = await joined('RingLink');
    harness.client.ring(1);
    const [own] = bounces(harness);
    hear(harness, 'RingLink', own?.data ?? null);
    hear(harness, 'RingLink', { time: 1, source: 77, amount: 0 });
    hear(harness, 'RingLink', { time: 1, source: 77, amount: 'many' });
    hear(harness, 'RingLink', null);
    expect(harness.last('rings')).toBeUndefined();
    hear(harness, 'RingLink', { time: 1, source: 77, amount: -3 });
    expect(harness.last('rings')?.rings).toEqual({ time: 1, source: 77, amount: -3 });
  });

  it('gathers nothing for a connection that is gone', async () => {
    const harness = await joined('RingLink');
    harness.client.ring(1);
    harness.client.ring(2);
    harness.socket.end();
    await harness.clock.advance(1_000);
    const sent = await harness.join();
    await harness.clock.advance(1_000);
    expect([...sent, ...harness.socket.take()].filter(({ cmd }) => cmd === 'Bounce')).toEqual([]);
  });
});

describe('EnergyLink', () => {
  /** Answers the last request as a room with `level` would. */
  const respond = (harness: ClientHarness, original: Json, value: Json): unknown => {
    const packet = harness.socket.take().at(-1) as { readonly cmd: string; readonly key?: string };
    const { cmd: _, ...echo } = packet;
    harness.socket.say({ ...echo, cmd: 'SetReply', key: packet.key ?? '', value, original_value: original });
    return packet;
  };

  it('takes no more than there is, in amounts beyond 2^53', async () => {
    const harness = await joined();
    const taken = harness.client.energy.take(10n ** 20n);
    expect(respond(harness, 10n ** 19n + 1n, 0)).toMatchObject({
      cmd: 'Set',
      key: 'EnergyLink0',
      default: 0,
      want_reply: true,
      operations: [
        { operation: 'add', value: -(10n ** 20n) },
        { operation: 'max', value: 0 },
      ],
    });
    expect(await taken).toBe(10n ** 19n + 1n);
  });

  it('gives, and tells the level after it', async () => {
    const harness = await joined();
    const given = harness.client.energy.give(5n);
    expect(respond(harness, 1.5, 6.5)).toMatchObject({ operations: [{ operation: 'add', value: 5 }] });
    expect(await given).toBe(6n);
  });

  it('is not impressed by a store below zero or of another kind', async () => {
    const harness = await joined();
    const taken = harness.client.energy.take(3n);
    respond(harness, -7, 0);
    expect(await taken).toBe(0n);
    const nonsense = harness.client.energy.take(3n);
    respond(harness, Number.NaN, 'full');
    expect(await nonsense).toBe(0n);
    expect(await harness.client.energy.take(0n)).toBe(0n);
  });

  it('is watched, and says when nothing is known to have happened', async () => {
    const harness = new ClientHarness();
    const levels: bigint[] = [];
    expect(() => harness.client.energy.watch(() => {})).toThrow(expect.objectContaining({ code: 'server_lost' }));
    await harness.join();
    const stop = harness.client.energy.watch((joules) => levels.push(joules));
    harness.socket.say({ cmd: 'SetReply', key: 'EnergyLink0', value: 2n ** 80n });
    stop();
    harness.socket.say({ cmd: 'SetReply', key: 'EnergyLink0', value: 1 });
    expect(levels).toEqual([2n ** 80n]);
    const taken = harness.client.energy.take(3n);
    harness.socket.end();
    await expect(taken).rejects.toMatchObject({ code: 'server_lost' });
  });
});

describe('tags', () => {
  it('are switched once for all changes of an instant, and not at all when nothing is left of them', async () => {
    const harness = await joined();
    harness.client.tag('DeathLink', true);
    harness.client.tag('DeathLink', false);
    await settled();
    expect(harness.socket.take()).toEqual([]);
    harness.client.tag('DeathLink', true);
    harness.client.tag('RingLink', true);
    harness.client.tag('AP', true);
    await settled();
    expect(harness.socket.take()).toEqual([{ cmd: 'ConnectUpdate', tags: ['AP', 'DeathLink', 'RingLink'] }]);
  });
});
