import { getEventListeners } from 'node:events';
import { silentLogger } from '@causeway/bridge';
import { VirtualClock } from '@causeway/bridge/testing';
import { expect, it } from 'vitest';
import { RESEND_MS, RetroArchChannel } from './channel.js';
import { FakeRetroArch } from './testing/fake-retroarch.js';

const READ = { kind: 'read', address: 0x7e_1000, size: 4 } as const;

const connected = () => {
  const clock = new VirtualClock();
  const memory = {
    read: (_: number, size: number) => new Uint8Array(size),
    write: () => 'descriptor data is readonly',
  };
  const emulator = new FakeRetroArch({ clock, random: () => 1, memory });
  const endpoint = { host: '127.0.0.1', port: 55_355 };
  const channel = new RetroArchChannel({ endpoint, createSocket: emulator.createSocket, clock, logger: silentLogger });
  const frame = (): void => {
    clock.pass(1);
    emulator.poll();
    clock.pass(1);
  };
  return { clock, emulator, channel, frame };
};

it('owes no reply to a read that was answered', async () => {
  const { channel, frame } = connected();
  const asks = channel.ask([READ]);
  expect(channel.judge(READ.address, READ.size)).toBe('owed');
  const answered = channel.answered(asks, new AbortController().signal);
  frame();
  expect(await answered).toBe(false);
  expect(channel.judge(READ.address, READ.size)).toBe('answered');
});

it('sends again what is missing, and nothing else', async () => {
  const { clock, emulator, channel, frame } = connected();
  emulator.mangle = (text) => (text.startsWith('READ_CORE_MEMORY 7e1000') ? [] : [text]);
  const other = { ...READ, address: 0x7e_2000 };
  const answered = channel.answered(channel.ask([READ, other, { kind: 'status' }]), new AbortController().signal);
  frame();
  emulator.mangle = (text) => [text];
  // The one that came has been taken note of before the rest is given up.
  await new Promise((resolve) => setImmediate(resolve));
  clock.pass(RESEND_MS);
  await new Promise((resolve) => setImmediate(resolve));
  frame();
  expect(await answered).toBe(true);
  expect(emulator.sent.at(-1)).toBe('READ_CORE_MEMORY 7e1000 4\nGET_STATUS');
});

it.each([
  ['an answer', ({ frame }: ReturnType<typeof connected>) => frame()],
  ['the end', ({ channel }: ReturnType<typeof connected>) => channel.close()],
  ['a refusal', ({ emulator }: ReturnType<typeof connected>) => emulator.die()],
])('leaves neither listener nor timer behind after %s', async (_, settle) => {
  const rig = connected();
  const { signal } = new AbortController();
  const answered = rig.channel.answered(rig.channel.ask([READ]), signal);
  settle(rig);
  await answered.catch(() => {});
  // What is still on its way through the network arrives.
  rig.clock.pass(1);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(rig.clock.pending).toBe(0);
});
