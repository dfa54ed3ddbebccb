import { VirtualClock } from '@causeway/bridge/testing';
import { expect, it } from 'vitest';
import { RecentReads } from './recent-reads.js';

const AT = 0x7e_1000;
const sentOnce = () => {
  const clock = new VirtualClock();
  const reads = new RecentReads(clock);
  reads.sent(AT, 8);
  return { clock, reads };
};

it('owes a reply until it came, and lets a while pass in case it comes twice', () => {
  const { clock, reads } = sentOnce();
  expect(reads.judge(AT, 8)).toBe('owed');
  reads.came(AT, 8);
  expect(reads.judge(AT, 8)).toBe('answered');
  clock.pass(251);
  expect(reads.judge(AT, 8)).toBe('clean');
});

it('owes as many replies as it was sent times', () => {
  const { clock, reads } = sentOnce();
  reads.sent(AT, 8);
  reads.came(AT, 8);
  clock.pass(5_000);
  expect(reads.judge(AT, 8)).toBe('owed');
  reads.came(AT, 8);
  expect(reads.judge(AT, 8)).toBe('clean');
});

it('gives up a reply that never came', () => {
  const { clock, reads } = sentOnce();
  clock.pass(10_000);
  expect(reads.judge(AT, 8)).toBe('owed');
  clock.pass(1);
  expect(reads.judge(AT, 8)).toBe('clean');
  expect(reads.isKnown(AT, 8)).toBe(false);
});

it('owes nothing for replies nobody asked for', () => {
  const { reads } = sentOnce();
  for (const _ of [1, 2, 3]) reads.came(AT, 8);
  reads.sent(AT, 8);
  expect(reads.judge(AT, 8)).toBe('owed');
});

it('tells places and sizes apart, up to the highest address', () => {
  const { reads } = sentOnce();
  reads.sent(0xffff_ffff, 2048);
  expect([reads.judge(AT, 9), reads.judge(AT + 1, 8), reads.judge(0xffff_fffe, 2048)]).toEqual([
    'clean',
    'clean',
    'clean',
  ]);
  expect(reads.judge(0xffff_ffff, 2048)).toBe('owed');
});
