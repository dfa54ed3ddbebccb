import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePng } from './png.js';

/** Chunks of a PNG file by type, each checked against its checksum. */
const chunks = (png: Buffer): Map<string, Buffer> => {
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const found = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const size = png.readUInt32BE(at);
    expect(png.readUInt32BE(at + 8 + size)).toBe(crc32(png.subarray(at + 4, at + 8 + size)));
    found.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + size));
    at += size + 12;
  }
  return found;
};

describe('encodePng', () => {
  it('writes a picture that reads back pixel for pixel', () => {
    const rgba = Uint8Array.from({ length: 3 * 2 * 4 }, (_, i) => i * 7);
    const found = chunks(Buffer.from(encodePng({ width: 3, height: 2, rgba })));
    expect([...found.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
    expect(found.get('IHDR')?.toString('hex')).toBe('00000003000000020806000000');
    const rows = inflateSync(found.get('IDAT') ?? Buffer.alloc(0));
    expect([...rows]).toEqual([0, ...rgba.subarray(0, 12), 0, ...rgba.subarray(12)]);
  });
});
