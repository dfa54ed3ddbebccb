import type { MemoryWrite } from '@causeway/bridge/device';
import { encodeCommands, MAX_WRITE } from '@causeway/protocol/retroarch';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapOfWindows, windowsOf } from './memory-map.js';
import { writeBursts } from './write-bursts.js';

const SIZE = 0x2000;
/** Save RAM in windows of 1 KiB, a bank apart. */
const map = mapOfWindows(
  'SNES',
  windowsOf('SRAM', SIZE, 0x400, (offset) => 0xb0_6000 + (offset >> 10) * 0x1_0000),
  new Set(),
);
const addressOf = (offset: number): number => 0xb0_6000 + (offset >> 10) * 0x1_0000 + (offset & 0x3ff);

const write: fc.Arbitrary<MemoryWrite> = fc
  .tuple(fc.nat({ max: SIZE - 1 }), fc.uint8Array({ minLength: 1, maxLength: 1500 }))
  .map(([offset, data]) => ({ at: { domain: 'SRAM', offset }, data: data.subarray(0, SIZE - offset) }));

it('puts every byte where it belongs, in order, in datagrams that RetroArch takes whole', () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 12 }), (writes) => {
      const wanted = new Map<number, number>();
      for (const { at, data } of writes)
        data.forEach((byte, index) => void wanted.set(addressOf(at.offset + index), byte));
      const got = new Map<number, number>();
      for (const burst of writeBursts(writes, map)) {
        const inBurst = new Set<number>();
        for (const { span, data } of burst) {
          expect(data.length).toBe(span.size);
          expect(data.length).toBeLessThanOrEqual(MAX_WRITE);
          data.forEach((byte, index) => {
            expect(inBurst.has(span.address + index)).toBe(false);
            inBurst.add(span.address + index);
            got.set(span.address + index, byte);
          });
        }
        const backs = burst.map(({ span }) => ({ kind: 'read', address: span.address, size: 2048 }) as const);
        const puts = burst.map(({ span, data }) => ({ kind: 'write', address: span.address, data }) as const);
        expect(() => encodeCommands([...puts, ...backs, { kind: 'status' }])).not.toThrow();
      }
      expect(got).toEqual(wanted);
    }),
  );
});

it('sends a message and its flag together, in order', () => {
  const item = { at: { domain: 'SRAM', offset: 0x32 }, data: Uint8Array.of(1, 2, 3) };
  const flag = { at: { domain: 'SRAM', offset: 0x30 }, data: Uint8Array.of(1) };
  expect(writeBursts([item, flag], map).map((burst) => burst.map(({ data }) => data))).toEqual([
    [item.data, flag.data],
  ]);
});
