import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineDecoder } from './line-decoder.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts a stream at arbitrary places. */
const pieces = (stream: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const places = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b);
  return [...places, stream.length].map((end, index) => stream.slice(index === 0 ? 0 : (places[index - 1] ?? 0), end));
};

describe('LineDecoder', () => {
  it('gives the same lines for any split of the stream', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 12 }), (lines, cuts) => {
        const stream = bytes(lines.map((text) => `${text}\n`).join(''));
        const decoder = new LineDecoder();
        const decoded = pieces(stream, cuts).flatMap((piece) => decoder.push(piece));
        expect(decoded).toEqual(lines);
        expect(decoder.pendingBytes).toBe(0);
      }),
    );
  });

  it('keeps an unfinished line and drops the carriage return of a finished one', () => {
    const decoder = new LineDecoder();
    expect(decoder.push(bytes('1\r\n[{"ty'))).toEqual(['1']);
    expect(decoder.pendingBytes).toBe(5);
    expect(decoder.push(bytes('pe":"PONG"}]\r'))).toEqual([]);
    expect(decoder.push(bytes('\n\n'))).toEqual(['[{"type":"PONG"}]', '']);
  });

  it('does not hold on to the chunk it was given', () => {
    const decoder = new LineDecoder();
    const chunk = bytes('abc');
    decoder.push(chunk);
    chunk.fill(0);
    expect(decoder.push(bytes('d\n'))).toEqual(['abcd']);
  });

  it.each([
    ['in one piece', ['12345\n']],
    ['without a line end', ['123', '45']],
    ['with the end in a later piece', ['1234', '5\n']],
  ])('stops at a line over the limit, %s, and stays stopped', (_, chunks) => {
    const decoder = new LineDecoder({ maxBytes: 4 });
    expect(decoder.push(bytes('1234\n'))).toEqual(['1234']);
    expect(() => {
      for (const chunk of chunks) decoder.push(bytes(chunk));
    }).toThrowError(expect.objectContaining({ code: 'protocol_line_too_long' }));
    expect(() => decoder.push(bytes('1\n'))).toThrowError(expect.objectContaining({ code: 'protocol_line_too_long' }));
  });

  it('takes a line of 16 MiB that arrives in small pieces', () => {
    const decoder = new LineDecoder();
    const piece = new Uint8Array(64 * 1024).fill(65);
    for (let i = 0; i < 256; i++) expect(decoder.push(piece)).toEqual([]);
    expect(decoder.push(bytes('\n'))[0]).toHaveLength(16 * 1024 * 1024);
  });
});
