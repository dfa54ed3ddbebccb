import { CausewayError } from '@causeway/protocol/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePacket, type GdbEvent, PacketReader } from './packet-codec.js';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const read = (...chunks: readonly (string | Uint8Array)[]): readonly GdbEvent[] => {
  const reader = new PacketReader();
  return chunks.flatMap((chunk) => reader.push(typeof chunk === 'string' ? latin1(chunk) : chunk));
};
const packet = (payload: string): GdbEvent => ({ kind: 'packet', payload });
const framed = (body: string): string => {
  const sum = [...latin1(body)].reduce((total, byte) => (total + byte) & 0xff, 0);
  return `$${body}#${sum.toString(16).padStart(2, '0')}`;
};
const payloads = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

describe('encodePacket', () => {
  it('frames a request as debuggers do', () => {
    expect(Buffer.from(encodePacket('m80300010,4')).toString('latin1')).toBe('$m80300010,4#59');
  });
});

describe('PacketReader', () => {
  it('reads what Dolphin sends: an acknowledgement, then a packet with a checksum in capitals', () => {
    expect(read('+$00000075#8C')).toEqual([{ kind: 'ack' }, packet('00000075')]);
    expect(read('+$T0f40:80010000;01:00000000;#A2')).toEqual([{ kind: 'ack' }, packet('T0f40:80010000;01:00000000;')]);
    expect(read('-')).toEqual([{ kind: 'nak' }]);
  });

  it('gives back any payload, however its bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(payloads, { maxLength: 5 }), fc.array(fc.nat(40)), (sent, cuts) => {
        const reader = new PacketReader();
        let rest = Buffer.concat(sent.map(encodePacket));
        const events: GdbEvent[] = [];
        for (const cut of cuts) {
          events.push(...reader.push(rest.subarray(0, cut)));
          rest = rest.subarray(cut);
        }
        events.push(...reader.push(rest));
        expect(events).toEqual(sent.map(packet));
      }),
    );
  });

  it('unpacks escapes and run lengths', () => {
    expect(read(framed('a}\x03b'))).toEqual([packet('a#b')]);
    expect(read(framed('0* '))).toEqual([packet('0000')]);
    expect(read(framed('ab*"c'))).toEqual([packet('abbbbbbc')]);
  });

  it.each([
    ['a wrong checksum', '$OK#00'],
    ['a checksum that is no number', '$OK#zz'],
    ['bytes between packets', 'HTTP/1.1 400'],
    ['a packet within a packet', '$OK$OK#9a'],
    ['an escape at the end', framed('ab}')],
    ['a repetition of nothing', framed('* ')],
    ['a repetition without count', framed('a*')],
    ['a repetition fewer than none', framed('a*\x1c')],
    ['a repetition beyond what is printable', framed('a*\xff')],
  ])('refuses %s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code: 'protocol_malformed' }));
  });

  it('does not collect a packet without end', () => {
    const reader = new PacketReader();
    reader.push(latin1('$'));
    const flood = (): void => {
      for (let chunk = 0; chunk < 100; chunk++) reader.push(latin1('0'.repeat(1000)));
    };
    expect(flood).toThrow(expect.objectContaining({ code: 'protocol_malformed' }));
  });

  it('does not unpack a short packet into a long one', () => {
    expect(() => read(framed(`0${'*~'.repeat(1000)}`))).toThrow(
      expect.objectContaining({ code: 'protocol_malformed' }),
    );
  });

  it('makes a coded error or events of any bytes, and nothing else', () => {
    const bytes = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        payloads.map(encodePacket),
        fc.constantFrom('+', '-', '$', '#', '}', '*').map(latin1),
      ),
    );
    fc.assert(
      fc.property(bytes, (chunks) => {
        try {
          for (const event of read(...chunks)) expect(['ack', 'nak', 'packet']).toContain(event.kind);
        } catch (error) {
          expect(CausewayError.is(error) && error.code).toBe('protocol_malformed');
        }
      }),
      { numRuns: 1000 },
    );
  });
});
