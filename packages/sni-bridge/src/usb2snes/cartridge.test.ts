import { expect, test } from 'vitest';
import { type HeaderFields, putHeader } from '../testing/put-header.js';
import { readCartridge } from './cartridge.js';

const look = async (headers: readonly (readonly [number, HeaderFields])[], fill = 0) => {
  const rom = new Uint8Array(0x60_0000).fill(fill);
  for (const [address, fields] of headers) putHeader(rom, address, fields);
  const asked: number[] = [];
  const cartridge = await readCartridge((address, size) => {
    asked.push(address);
    return Promise.resolve(rom.slice(address, address + size));
  });
  return { cartridge, asked };
};

test('the last place is looked at only when it must be', async () => {
  expect((await look([[0x7fb0, { title: 'LO' }]])).asked).toEqual([0x7fb0, 0xffb0]);
  expect((await look([[0xffb0, { title: 'HI', mode: 0x31 }]])).asked).toEqual([0x7fb0, 0xffb0]);
  const far = await look([[0x40_ffb0, { title: 'FAR', mode: 0x25 }]]);
  expect(far.asked).toEqual([0x7fb0, 0xffb0, 0x40_ffb0]);
  expect(far.cartridge?.header).toMatchObject({ title: 'FAR', mapping: 'exhirom' });
});

test('the likelier of two wins: small games show one header twice', async () => {
  const both = await look([
    [0x7fb0, { title: 'REAL', mode: 0x20 }],
    [0xffb0, { title: 'MIRROR', mode: 0x20 }],
  ]);
  expect(both.cartridge).toMatchObject({ headerAddress: 0x7fb0, header: { title: 'REAL' } });
});

test.each([0x00, 0xff, 0x55])('nothing but %i is no proof of a game', async (fill) => {
  expect((await look([], fill)).cartridge).toBeUndefined();
});

test('bytes without a header prove a ROM, and nothing about it', async () => {
  const rom = Uint8Array.from({ length: 0x10_0000 }, (_, index) => index & 0x7f);
  const cartridge = await readCartridge((address, size) =>
    Promise.resolve(rom.slice(address % 0x8_0000, (address % 0x8_0000) + size)),
  );
  expect(cartridge).toMatchObject({ headerAddress: 0x7fb0, hasChip: false });
  expect(cartridge?.header).toBeUndefined();
});

test.each([
  [0x00, false],
  [0x02, false],
  [0x05, false],
  [0x13, true],
  [0x25, true],
  [0x34, true],
  [0x43, true],
  [0x55, true],
  [0xe3, true],
  [0xf3, true],
])('type %i: chip %s', async (type, hasChip) => {
  expect((await look([[0x7fb0, { title: 'X', type }]])).cartridge?.hasChip).toBe(hasChip);
});
