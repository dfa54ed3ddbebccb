import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRequests,
  decodeResponses,
  decodeVersion,
  encodeRequests,
  encodeResponses,
  parseResponses,
} from './codec.js';
import { decodeCommPoll } from './comm-messages.js';
import { LineDecoder } from './line-decoder.js';
import type { ConnectorRequest, ConnectorResponse } from './messages.js';

const malformed = expect.objectContaining({ code: 'protocol_malformed' });

/** One of every request, as it goes over the wire. */
const REQUESTS: readonly ConnectorRequest[] = [
  { type: 'PING' },
  { type: 'SYSTEM' },
  { type: 'PREFERRED_CORES' },
  { type: 'HASH' },
  { type: 'MEMORY_SIZE', domain: 'RAM' },
  { type: 'GUARD', address: 256, expected_data: 'ABEi', domain: 'EWRAM' },
  { type: 'LOCK' },
  { type: 'UNLOCK' },
  { type: 'READ', address: 32, size: 4, domain: 'IWRAM' },
  { type: 'WRITE', address: 48, value: 'ESI=', domain: 'IWRAM' },
  { type: 'DISPLAY_MESSAGE', message: 'hello' },
  { type: 'SET_MESSAGE_INTERVAL', value: 0.5 },
  { type: 'CAUSEWAY' },
  { type: 'FRAME' },
  { type: 'STRICT', value: true },
];

/** One of every response. */
const RESPONSES: readonly ConnectorResponse[] = [
  { type: 'PONG' },
  { type: 'SYSTEM_RESPONSE', value: 'NES' },
  { type: 'PREFERRED_CORES_RESPONSE', value: { NES: 'QuickNes' } },
  { type: 'HASH_RESPONSE', value: '0123456789ABCDEF' },
  { type: 'MEMORY_SIZE_RESPONSE', value: 4294967295 },
  { type: 'GUARD_RESPONSE', value: false, address: 256 },
  { type: 'LOCKED' },
  { type: 'UNLOCKED' },
  { type: 'READ_RESPONSE', value: '3q2+7w==' },
  { type: 'WRITE_RESPONSE' },
  { type: 'DISPLAY_MESSAGE_RESPONSE' },
  { type: 'SET_MESSAGE_INTERVAL_RESPONSE' },
  { type: 'ERROR', err: 'Unknown command: X' },
  {
    type: 'CAUSEWAY_RESPONSE',
    value: {
      connector: '1.0.0',
      host: 'FCEUX 2.6.5',
      frame: 123,
      domains: [{ name: 'RAM', size: 2048, writable: true }],
      features: ['FRAME', 'STRICT'],
    },
  },
  { type: 'FRAME_RESPONSE', value: 123 },
  { type: 'STRICT_RESPONSE' },
];

describe('connector lines', () => {
  it('carries every request and every response there and back', () => {
    expect(decodeRequests(encodeRequests(REQUESTS))).toEqual(REQUESTS);
    expect(decodeResponses(encodeResponses(RESPONSES))).toEqual(RESPONSES);
  });

  it('carries the same messages however the stream is cut', () => {
    const batches = fc.array(fc.subarray([...RESPONSES]), { maxLength: 8 });
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(batches, sizes, (sent, steps) => {
        const stream = new TextEncoder().encode(sent.map((batch) => `${encodeResponses(batch)}\n`).join(''));
        const decoder = new LineDecoder();
        const received: ConnectorResponse[][] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const end = at + (steps[i % steps.length] ?? 1);
          received.push(...decoder.push(stream.subarray(at, end)).map(decodeResponses));
          at = end;
        }
        expect(received).toEqual(sent);
      }),
    );
  });

  it('writes ASCII only, as the reference client does', () => {
    const line = encodeRequests([{ type: 'DISPLAY_MESSAGE', message: 'héllo ✓ 日本 🎮\u007f\n' }]);
    expect(line).toBe(
      '[{"type":"DISPLAY_MESSAGE","message":"h\\u00e9llo \\u2713 \\u65e5\\u672c \\ud83c\\udfae\\u007f\\n"}]',
    );
  });

  it('takes any key order and unknown keys', () => {
    expect(decodeResponses('[{"extra":{},"value":"AA==","type":"READ_RESPONSE"}]')).toEqual([
      { type: 'READ_RESPONSE', value: 'AA==' },
    ]);
  });

  it('reads an empty table of cores, which Lua writes as a list', () => {
    expect(decodeResponses('[{"type":"PREFERRED_CORES_RESPONSE","value":[]}]')).toEqual([
      { type: 'PREFERRED_CORES_RESPONSE', value: {} },
    ]);
  });

  it.each([
    '',
    '{}',
    'null',
    '1',
    '[{"type":"PONG"}',
    '[null]',
    '[1]',
    '[[]]',
    '[{}]',
    '[{"type":"READ_RESPONSE"}]',
    '[{"type":"READ_RESPONSE","value":3}]',
    '[{"type":"GUARD_RESPONSE","value":"false","address":1}]',
    '[{"type":"NOT_A_TYPE"}]',
    'HTTP/1.1 400 Bad Request',
  ])('refuses %j as an answer', (line) => {
    expect(() => decodeResponses(line)).toThrowError(malformed);
  });

  it('quotes little of a hostile line', () => {
    const line = 'x'.repeat(1_000_000);
    expect(() => decodeResponses(line)).toThrowError(
      expect.toSatisfy((error: { context: { excerpt: string } }) => error.context.excerpt.length < 100),
    );
  });

  it('checks items that are already parsed', () => {
    expect(parseResponses([{ type: 'PONG' }])).toEqual([{ type: 'PONG' }]);
    expect(() => parseResponses(['PONG'])).toThrowError(malformed);
  });

  it('reads the version and nothing else as one', () => {
    expect(decodeVersion('1')).toBe(1);
    expect(decodeVersion('2.5')).toBe(2.5);
    for (const line of ['', ' 1', '-1', '1e3', '0x1', 'one', '1,', 'SSH-2.0-OpenSSH', '9'.repeat(400)]) {
      expect(() => decodeVersion(line)).toThrowError(malformed);
    }
  });
});

describe('comm polls', () => {
  const poll = {
    causeway: 1,
    seq: 7,
    frame: 99,
    system: 'NES',
    hash: 'ABC',
    connector: '1.0.0',
    token: null,
    answer: [{ type: 'PONG' }],
    answers: 6,
  };

  it('reads a poll, with and without token and answer', () => {
    expect(decodeCommPoll(JSON.stringify(poll))).toEqual(poll);
    const { token: _, answer: __, answers: ___, ...bare } = poll;
    expect(decodeCommPoll(JSON.stringify(bare))).toEqual(bare);
  });

  it.each(['', '[]', '{}', JSON.stringify({ ...poll, causeway: 2 }), JSON.stringify({ ...poll, seq: 'x' })])(
    'refuses %j',
    (text) => {
      expect(() => decodeCommPoll(text)).toThrowError(malformed);
    },
  );
});
