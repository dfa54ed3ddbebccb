import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteQueue } from './byte-queue.js';

describe('ByteQueue', () => {
  it('cuts the same lines however the bytes arrived', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 12, max: 14 }), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, fc.nat(3), (chunks, pauses) => {
        const queue = new ByteQueue();
        const lines: string[] = [];
        const drain = (): void => {
          for (let line = queue.takeLine(); line !== undefined; line = queue.takeLine()) {
            lines.push(Buffer.from(line).toString('latin1'));
          }
        };
        chunks.forEach((chunk, index) => {
          queue.push(chunk);
          if (index % (pauses + 1) === 0) drain();
        });
        drain();
        const whole = Buffer.concat(chunks).toString('latin1').split('\n');
        expect(lines).toEqual(whole.slice(0, -1));
        expect(Buffer.from(queue.take(queue.size)).toString('latin1')).toBe(whole.at(-1));
      }),
    );
  });

  it('gives counted bytes and keeps the rest', () => {
    const queue = new ByteQueue();
    queue.push(Uint8Array.of(1, 2, 3));
    queue.push(Uint8Array.of(4));
    expect([...queue.take(2)]).toEqual([1, 2]);
    expect(queue.size).toBe(2);
    expect([...queue.take(2)]).toEqual([3, 4]);
    expect(queue.takeLine()).toBeUndefined();
  });
});
