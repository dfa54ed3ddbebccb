import type { Region } from '@causeway/bridge/device';
import { expect, test } from 'vitest';
import { KnownReaches, MemoryReach } from './memory-reach.js';

const SRAM = { name: 'SRAM', size: 0x8000 };
const at = (offset: number, size = 1): Region => ({ domain: 'SRAM', offset, size });
const sizeOf = (reach: MemoryReach): number | undefined => reach.within([SRAM])[0]?.size;

test('one close proves nothing, two at one place do', () => {
  const reach = new MemoryReach();
  reach.closedOn([at(0x2000)]);
  expect(sizeOf(reach)).toBe(0x8000);
  reach.closedOn([at(0x3000)]);
  expect(sizeOf(reach)).toBe(0x8000);
  reach.closedOn([at(0x3000)]);
  expect(sizeOf(reach)).toBe(0x3000);
});

test('what was answered once is there', () => {
  const reach = new MemoryReach();
  reach.answered(at(0x2000, 4));
  for (let close = 0; close < 3; close++) reach.closedOn([at(0x2000, 4), at(0x100)]);
  expect(sizeOf(reach)).toBe(0x8000);
});

test('only what reaches beyond is suspected, from there on', () => {
  const reach = new MemoryReach();
  reach.answered(at(0, 0x1800));
  for (let close = 0; close < 2; close++) reach.closedOn([at(0x1000, 16), at(0x1000, 0x2000)]);
  expect(sizeOf(reach)).toBe(0x1800);
});

test('a domain of which nothing can be read is not offered', () => {
  const reach = new MemoryReach();
  for (let close = 0; close < 2; close++) reach.closedOn([at(0)]);
  expect(reach.within([SRAM, { name: 'WRAM', size: 0x2_0000 }])).toEqual([{ name: 'WRAM', size: 0x2_0000 }]);
});

test('each console and game has its own', () => {
  const reaches = new KnownReaches();
  expect(reaches.of('a')).toBe(reaches.of('a'));
  expect(reaches.of('a')).not.toBe(reaches.of('b'));
});
