import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommFrameDecoder, encodeCommFrame } from './comm-frames.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('comm frames', () => {
  it('writes the count of bytes, a space and the text', () => {
    expect(encodeCommFrame('[{"type":"PONG"}]')).toEqual(bytes('17 [{"type":"PONG"}]'));
    expect(encodeCommFrame('')).toEqual(bytes('0 '));
    expect(encodeCommFrame('é')).toEqual(bytes('2 é'));
  });

  it('gives the same texts for any split of the stream', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (texts, step) => {
        const stream = Buffer.concat(texts.map(encodeCommFrame));
        const decoder = new CommFrameDecoder();
        const decoded: string[] = [];
        for (let at = 0; at < stream.length; at += step) decoded.push(...decoder.push(stream.subarray(at, at + step)));
        expect(decoded).toEqual(texts);
      }),
    );
  });

  it.each([
    ['no count', ' x', 'protocol_malformed'],
    ['a negative count', '-1 x', 'protocol_malformed'],
    ['an HTTP request', 'GET / HTTP/1.1\r\n', 'protocol_malformed'],
    ['a count of too many digits', '00000000001 x', 'protocol_malformed'],
    ['a count above the limit', '101 ', 'protocol_line_too_long'],
  ])('refuses %s, and everything after it', (_, text, code) => {
    const decoder = new CommFrameDecoder({ maxBytes: 100 });
    expect(() => decoder.push(bytes(text))).toThrowError(expect.objectContaining({ code }));
    expect(() => decoder.push(bytes('1 x'))).toThrowError(expect.objectContaining({ code }));
  });
});
