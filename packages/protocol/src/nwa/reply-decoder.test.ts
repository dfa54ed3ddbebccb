import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeNwaReply, nwaError, nwaText } from './encode-reply.js';
import type { NwaItem, NwaReply, NwaSignal } from './messages.js';
import { NwaReplyDecoder } from './reply-decoder.js';

const malformed = expect.objectContaining({ code: 'protocol_malformed' });
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (wire: Uint8Array): readonly (NwaReply | NwaSignal)[] => [...new NwaReplyDecoder().push(wire)];
const items = (...list: readonly Record<string, string>[]): readonly NwaItem[] =>
  list.map((item) => new Map(Object.entries(item)));

/** Cuts a stream into chunks of the given sizes, used in turn. */
const chunks = (wire: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] => {
  const cut: Uint8Array[] = [];
  for (let at = 0, i = 0; at < wire.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    cut.push(wire.slice(at, at + size));
    at += size;
  }
  return cut;
};

const keys = fc.stringMatching(/^[a-z_]{1,8}$/).filter((key) => key !== 'error');
const values = fc.string({ maxLength: 20, unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
/** Elements of a list have the same keys: a repeated key is what separates them. */
const lists = fc
  .tuple(fc.uniqueArray(keys, { minLength: 1, maxLength: 4 }), fc.array(fc.array(values), { maxLength: 4 }))
  .map(([names, rows]) => rows.map((row) => new Map(names.map((name, index) => [name, row[index] ?? '']))));
const replies: fc.Arbitrary<NwaReply | NwaSignal> = fc.oneof(
  fc.record({ kind: fc.constant('binary' as const), data: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ kind: fc.constant('text' as const), items: lists }),
  fc.record({ kind: fc.constant('error' as const), error: keys, reason: values }),
  fc.record({
    kind: fc.constant('signal' as const),
    name: fc.constantFrom('GAME_LOADED', 'EMULATION_PAUSED'),
    source: fc.constantFrom('USER', 'NWA:tracker'),
    items: lists,
  }),
);

describe('replies of an NWA emulator', () => {
  it('are bytes, told by a zero byte and a length', () => {
    expect(decode(Uint8Array.of(0, 0, 0, 0, 3, 1, 2, 3))).toEqual([{ kind: 'binary', data: Uint8Array.of(1, 2, 3) }]);
    expect(decode(Uint8Array.of(0, 0, 0, 0, 0))).toEqual([{ kind: 'binary', data: new Uint8Array(0) }]);
  });

  it('are lines: two line ends are a plain success', () => {
    expect(decode(ascii('\n\n'))).toEqual([{ kind: 'text', items: [] }]);
    expect(decode(ascii('\nname:a:b\nversion:\n\n'))).toEqual([
      { kind: 'text', items: items({ name: 'a:b', version: '' }) },
    ]);
  });

  it('start the next element of a list where a key repeats', () => {
    expect(decode(ascii('\nname:WRAM\nsize:131072\nname:SRAM\nsize:0\n\n'))).toEqual([
      { kind: 'text', items: items({ name: 'WRAM', size: '131072' }, { name: 'SRAM', size: '0' }) },
    ]);
  });

  it('are an error where they hold that key, in whatever order', () => {
    const error = { kind: 'error', error: 'not_allowed', reason: 'no game' };
    expect(decode(ascii('\nerror:not_allowed\nreason:no game\n\n'))).toEqual([error]);
    expect(decode(ascii('\nreason:no game\nerror:not_allowed\n\n'))).toEqual([error]);
    expect(decode(encodeNwaReply(nwaError('not_allowed', 'no game')))).toEqual([error]);
  });

  it('are signals in between', () => {
    expect(decode(ascii('\n\n!GAME_LOADED NWA:me\n\nname:x\n\n\n\n'))).toEqual([
      { kind: 'text', items: [] },
      { kind: 'signal', name: 'GAME_LOADED', source: 'NWA:me', items: items({ name: 'x' }) },
      { kind: 'text', items: [] },
    ]);
  });

  it('may name anything: keys of every object are only keys', () => {
    const [reply] = decode(ascii('\n__proto__:1\nconstructor:2\n\n'));
    expect(reply).toMatchObject({
      items: [
        new Map([
          ['__proto__', '1'],
          ['constructor', '2'],
        ]),
      ],
    });
  });

  it('come out as they went in, however the stream is cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(replies, { maxLength: 8 }), sizes, (sent, steps) => {
        const wire = Uint8Array.from(sent.flatMap((reply) => [...encodeNwaReply(reply)]));
        const decoder = new NwaReplyDecoder();
        expect(chunks(wire, steps).flatMap((chunk) => [...decoder.push(chunk)])).toEqual(sent);
      }),
    );
  });

  it('cannot be forged by a value with line ends', () => {
    const wire = encodeNwaReply(nwaText({ name: 'a\n\nerror:x' }));
    expect(decode(wire)).toEqual([{ kind: 'text', items: items({ name: 'a error:x' }) }]);
  });
});

describe('hostile replies', () => {
  it.each(['HTTP/1.1 400 Bad Request\r\n', '1', '\nno colon\n\n', '!\n\n\n', '! USER\n\n\n', '!lower USER\n\n\n'])(
    'refuses %j',
    (text) => {
      expect(() => decode(ascii(text))).toThrowError(malformed);
    },
  );

  it('refuses a block that is too long before it comes', () => {
    expect(() => decode(Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff))).toThrowError(malformed);
    const limited = new NwaReplyDecoder({ maxBlockBytes: 3 });
    expect(() => [...limited.push(Uint8Array.of(0, 0, 0, 0, 4))]).toThrowError(malformed);
  });

  it.each(['\n', '\nkey:', '!SIGNAL', '!SIGNAL USER\n\nkey:'])('stops a text without end, begun with %j', (start) => {
    const decoder = new NwaReplyDecoder({ maxTextBytes: 1_000 });
    expect([...decoder.push(ascii(start))]).toEqual([]);
    const flood = (): void => {
      for (let pushed = 0; pushed < 2_000; pushed += 10) expect([...decoder.push(ascii('xxxxxxxxxx'))]).toEqual([]);
    };
    expect(flood).toThrowError(malformed);
  });

  it('stays broken once it broke', () => {
    const decoder = new NwaReplyDecoder();
    expect(() => [...decoder.push(ascii('x'))]).toThrowError(malformed);
    expect(() => decoder.push(ascii('\n\n'))).toThrowError(malformed);
  });

  it('end alike wherever the stream is cut: what came before the mistake comes out, and nothing behind it', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });
    const mistakes = fc.constantFrom('x', '\nno colon\n\n', '!\n\n\n', '\0\u007f\u007f\u007f\u007f');
    fc.assert(
      fc.property(fc.array(replies, { maxLength: 6 }), mistakes, sizes, (sent, mistake, steps) => {
        const good = sent.flatMap((reply) => [...encodeNwaReply(reply)]);
        const wire = Uint8Array.from([...good, ...ascii(mistake), ...encodeNwaReply(nwaText())]);
        const decoder = new NwaReplyDecoder();
        const received: (NwaReply | NwaSignal)[] = [];
        expect(() => {
          for (const chunk of chunks(wire, steps)) for (const reply of decoder.push(chunk)) received.push(reply);
        }).toThrowError(malformed);
        expect(received).toEqual(sent);
      }),
    );
  });

  it('leave what was not taken for the next push', () => {
    const decoder = new NwaReplyDecoder();
    const [first] = decoder.push(ascii('\na:1\n\n\nb:2\n\n'));
    expect([first, ...decoder.push(ascii('\n\n'))]).toEqual([
      { kind: 'text', items: items({ a: '1' }) },
      { kind: 'text', items: items({ b: '2' }) },
      { kind: 'text', items: [] },
    ]);
  });

  it('makes replies or a coded error of any bytes', () => {
    const starts = fc.constantFrom('', '\n', '!A B\n\n', '\0\0\0\0\u0004');
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 100 }), (start, tail) => {
        const decoder = new NwaReplyDecoder({ maxBlockBytes: 64, maxTextBytes: 256 });
        try {
          const early = [...decoder.push(ascii(start)), ...decoder.push(tail)];
          // Enough zeros end a block, enough line ends a text.
          const rest = [...decoder.push(new Uint8Array(70)), ...decoder.push(ascii('\n\n\n\n'))];
          for (const reply of [...early, ...rest]) expect(['binary', 'text', 'error', 'signal']).toContain(reply.kind);
        } catch (error) {
          expect(error).toMatchObject({ code: 'protocol_malformed' });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes a megabyte byte by byte in good time', () => {
    const decoder = new NwaReplyDecoder();
    const size = 1 << 20;
    const early = [...decoder.push(Uint8Array.of(0, 0, 0x10, 0, 0))];
    const started = performance.now();
    for (let sent = 1; sent < size; sent++) early.push(...decoder.push(Uint8Array.of(7)));
    expect(early).toEqual([]);
    const [reply] = decoder.push(Uint8Array.of(7));
    expect(reply).toMatchObject({ kind: 'binary' });
    expect(reply?.kind === 'binary' && reply.data.length).toBe(size);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
