import type { ReadStep, Step } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BatchDesk, jobsOf, MAX_BATCH_BYTES } from './batch-desk.js';
import { MemoryConsole } from './testing/memory-console.js';

let machine: MemoryConsole;
let desk: BatchDesk;

beforeEach(() => {
  machine = new MemoryConsole();
  desk = new BatchDesk({ source: { current: machine.device } });
});
afterEach(() => machine.device.close());

const read = (offset: number, size = 1): ReadStep => ({ kind: 'read', at: { domain: 'WRAM', offset }, size });
const write = (offset: number, ...data: number[]): Step => ({
  kind: 'write',
  at: { domain: 'WRAM', offset },
  data: Uint8Array.from(data),
});
const free = (): boolean => false;
const wram = (offset: number): number | undefined => machine.memory.get('WRAM')?.[offset];
/** Keeps the console busy until called. */
const holdConsole = (): (() => void) => {
  let open: () => void = () => {};
  machine.gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
};

test('what waits is one batch, each client gets its own bytes', async () => {
  const seats = [desk.seat(free), desk.seat(free)];
  const answers = await Promise.all([
    seats[0]?.run([read(1), read(2)]),
    seats[1]?.run([read(3)]),
    seats[0]?.run([read(4)]),
  ]);
  expect(answers.map((reads) => reads?.map(([byte]) => byte))).toEqual([[wram(1), wram(2)], [wram(3)], [wram(4)]]);
  expect(machine.exchanges).toHaveLength(1);
});

test('a client that asks much does not keep the others waiting', async () => {
  const greedy = desk.seat(free);
  const modest = desk.seat(free);
  const open = holdConsole();
  const all = Array.from({ length: 20 }, () => greedy.run([read(0, MAX_BATCH_BYTES / 2)]));
  await expect.poll(() => machine.exchanges.length).toBe(1);
  const answered = modest.run([read(9)]).then(() => machine.exchanges.length);
  open();
  expect(await answered).toBe(2);
  await Promise.all(all);
  expect(machine.exchanges.length).toBe(11);
});

test("one client's writes and reads keep their order", async () => {
  const seat = desk.seat(free);
  const [before, , after] = await Promise.all([seat.run([read(5)]), seat.run([write(5, 1)]), seat.run([read(5)])]);
  expect([before?.[0]?.[0] === 1, after?.[0]?.[0]]).toEqual([false, 1]);
});

test('a client that takes no answers is passed over until it does', async () => {
  let blocked = true;
  const slow = desk.seat(() => blocked);
  const answer = slow.run([read(1)]);
  await desk.seat(free).run([read(2)]);
  expect(machine.exchanges).toEqual([[{ domain: 'WRAM', offset: 2, size: 1 }]]);
  blocked = false;
  desk.wake();
  expect((await answer)[0]?.[0]).toBe(wram(1));
});

test('what a client that left had asked is not begun', async () => {
  const open = holdConsole();
  const first = desk.seat(free).run([read(1)]);
  await expect.poll(() => machine.exchanges.length).toBe(1);
  const leaving = desk.seat(free);
  void leaving.run([write(7, 0)]);
  leaving.leave();
  open();
  await first;
  await desk.seat(free).run([read(7)]);
  expect(wram(7)).not.toBe(0);
});

test('a place outside memory is one client’s fault alone', async () => {
  const [bad, good] = await Promise.allSettled([
    desk.seat(free).run([read(0x2_0000)]),
    desk.seat(free).run([write(3, 9), read(3)]),
  ]);
  expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'address_out_of_range' } });
  expect(good).toMatchObject({ status: 'fulfilled', value: [Uint8Array.of(9)] });
});

test('after a refusal reads are asked again, writes never: they may have been done', async () => {
  machine.broken = { domain: 'WRAM', offset: 50, error: new CausewayError('batch_step_failed', 'Refused.') };
  const [bad, reader, writer] = await Promise.allSettled([
    desk.seat(free).run([read(50)]),
    desk.seat(free).run([read(1)]),
    desk.seat(free).run([write(60, 1)]),
  ]);
  expect(bad.status).toBe('rejected');
  expect(reader).toMatchObject({ status: 'fulfilled' });
  expect(writer).toMatchObject({ status: 'rejected', reason: { code: 'batch_step_failed' } });
});

test('without a console there is an error, not a wait', async () => {
  const empty = new BatchDesk({ source: { current: undefined } });
  await expect(empty.seat(free).run([read(0)])).rejects.toMatchObject({ code: 'device_lost' });
});

test('jobs are as large as a batch, and keep order', () => {
  const steps = Array.from({ length: 12 }, (_, index) => read(index * 4096, 4096));
  const jobs = jobsOf(steps);
  expect(jobs.flat()).toEqual(steps);
  expect(jobs.map((job) => job.length)).toEqual([4, 4, 4]);
  expect(jobsOf([])).toEqual([]);
});
