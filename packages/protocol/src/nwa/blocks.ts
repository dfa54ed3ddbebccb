import type { ByteQueue } from './byte-queue.js';

const MARK = 0;
const HEADER_BYTES = 5;

/** Data on the wire: a zero byte, its length as four bytes, most significant first, and the data. */
export const encodeBlock = (data: Uint8Array): Uint8Array => {
  const block = new Uint8Array(HEADER_BYTES + data.length);
  new DataView(block.buffer).setUint32(1, data.length);
  block.set(data, HEADER_BYTES);
  return block;
};

export const startsBlock = (byte: number): boolean => byte === MARK;

/** Length that the block at the front announces, as soon as that is known. */
export const announcedLength = (queue: ByteQueue): number | undefined => {
  if (queue.length < HEADER_BYTES) return undefined;
  return [1, 2, 3, 4].reduce((length, index) => length * 256 + (queue.at(index) ?? 0), 0);
};

/** Takes the block at the front once it is whole. */
export const takeBlock = (queue: ByteQueue, length: number): Uint8Array | undefined => {
  if (queue.length < HEADER_BYTES + length) return undefined;
  queue.take(HEADER_BYTES);
  return queue.take(length);
};
