import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NwaCommandDecoder } from './command-decoder.js';
import { coreRead, coreWrite, parseCoreRanges, parseNwaNumber } from './core-ranges.js';
import { encodeNwaCommand } from './encode-command.js';
import { NWA_MAX_LINE_BYTES, NWA_SERVER_MAX_LINE_BYTES } from './limits.js';
import type { NwaCommand } from './messages.js';

const malformed = expect.objectContaining({ code: 'protocol_malformed' });
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (wire: Uint8Array): string => Buffer.from(wire).toString('latin1');
const decode = (wire: string): readonly NwaCommand[] => [...new NwaCommandDecoder().push(ascii(wire))];

const words = fc.string({ minLength: 1, maxLength: 12 }).filter((word) => !/[;\n\r\0]/.test(word));
const commands: fc.Arbitrary<NwaCommand> = fc.record(
  {
    name: fc.constantFrom('EMULATION_STATUS', 'CORE_READ', 'CORE_WRITE', '!ALL', 'X2'),
    args: fc.array(words, { maxLength: 20 }),
    block: fc.uint8Array({ maxLength: 200 }),
  },
  { requiredKeys: ['name', 'args'] },
);

describe('commands to an NWA emulator', () => {
  it('are a word and arguments', () => {
    expect(text(encodeNwaCommand({ name: 'EMULATION_STATUS', args: [] }))).toBe('EMULATION_STATUS\n');
    expect(text(encodeNwaCommand({ name: 'MY_NAME_IS', args: ['Causeway'] }))).toBe('MY_NAME_IS Causeway\n');
  });

  it('give offsets in hexadecimal and sizes in decimal: both work everywhere', () => {
    const read = coreRead('WRAM', [
      { offset: 0x10, size: 16 },
      { offset: 0, size: 1 },
    ]);
    expect(text(encodeNwaCommand(read))).toBe('CORE_READ WRAM;$10;16;$0;1\n');
  });

  it('carry data behind a zero byte and its length', () => {
    const write = coreWrite('WRAM', [{ offset: 255, size: 2 }], Uint8Array.of(0xab, 0x0a));
    expect(text(encodeNwaCommand(write))).toBe('bCORE_WRITE WRAM;$ff;2\n\0\0\0\0\x02\xab\n');
  });

  it('never carry what the reference server cannot take', () => {
    const range = { offset: 0, size: 1 };
    expect(() => coreRead('WRAM', Array(9).fill(range))).toThrow(RangeError);
    expect(() => coreRead('WRAM', [])).toThrow(RangeError);
    expect(() => coreWrite('WRAM', [range], new Uint8Array(2))).toThrow(RangeError);
    expect(() => encodeNwaCommand({ name: 'X', args: Array(21).fill('1') })).toThrow(RangeError);
    expect(() => encodeNwaCommand({ name: 'X', args: ['y'.repeat(NWA_MAX_LINE_BYTES)] })).toThrow(RangeError);
    for (const arg of ['a;b', 'a\nb', 'a\rb', 'a\0b'])
      expect(() => encodeNwaCommand({ name: 'MY_NAME_IS', args: [arg] })).toThrow(RangeError);
    for (const name of ['', 'bCORE_WRITE', 'core', 'A B', 'A\n'])
      expect(() => encodeNwaCommand({ name, args: [] })).toThrow(RangeError);
  });

  it('come out as they went in, however the stream is cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 8 }), sizes, (sent, steps) => {
        const wire = Uint8Array.from(sent.flatMap((command) => [...encodeNwaCommand(command)]));
        const decoder = new NwaCommandDecoder();
        const received: NwaCommand[] = [];
        for (let at = 0, i = 0; at < wire.length; i++) {
          const end = at + (steps[i % steps.length] ?? 1);
          received.push(...decoder.push(wire.slice(at, end)));
          at = end;
        }
        expect(received).toEqual(sent);
      }),
    );
  });
});

describe('a server of NWA', () => {
  it('takes a command without arguments, and a space behind it', () => {
    expect(decode('CORE_RESET\nCORE_RESET \n')).toEqual([
      { name: 'CORE_RESET', args: [] },
      { name: 'CORE_RESET', args: [] },
    ]);
  });

  it('reads ranges in every form of the document', () => {
    const ask = (args: string): unknown => parseCoreRanges({ name: 'CORE_READ', args: args.split(';') });
    expect(ask('WRAM')).toEqual({ memory: 'WRAM', ranges: [] });
    expect(ask('WRAM;$10')).toEqual({ memory: 'WRAM', ranges: [{ offset: 16 }] });
    expect(ask('WRAM;16;$ff;0;1')).toEqual({
      memory: 'WRAM',
      ranges: [
        { offset: 16, size: 255 },
        { offset: 0, size: 1 },
      ],
    });
    for (const wrong of ['', 'WRAM;', 'WRAM;x', 'WRAM;1;-1', 'WRAM;0x10', 'WRAM;1;2;'])
      expect(ask(wrong), wrong).toBeUndefined();
  });

  it('reads numbers exactly or not at all', () => {
    expect(['0', '10', '$10', '$fF'].map(parseNwaNumber)).toEqual([0, 10, 16, 255]);
    for (const wrong of ['', '$', '1.5', ' 1', '1e3', '-1', '$g', '9'.repeat(30)])
      expect(parseNwaNumber(wrong), wrong).toBeUndefined();
  });

  it.each([
    'core_read\n',
    ' CORE_READ\n',
    '\n',
    'GET / HTTP/1.1 \r\n\r\n',
    'bCORE_WRITE WRAM\nCORE_READ',
    `X ${'1;'.repeat(20)}1\n`,
    'x'.repeat(NWA_SERVER_MAX_LINE_BYTES + 1),
    `X ${'1'.repeat(NWA_SERVER_MAX_LINE_BYTES)}\n`,
  ])('refuses %j', (wire) => {
    expect(() => decode(wire)).toThrowError(malformed);
  });

  it('refuses a block that is too long before it comes, and stays broken', () => {
    const decoder = new NwaCommandDecoder({ maxBlockBytes: 16 });
    expect(() => [...decoder.push(ascii('bCORE_WRITE WRAM\n\0\0\0\0\x11'))]).toThrowError(malformed);
    expect(() => decoder.push(ascii('CORE_RESET\n'))).toThrowError(malformed);
  });

  it('hands out what came before the mistake, in the same chunk too', () => {
    const received: NwaCommand[] = [];
    expect(() => {
      for (const command of new NwaCommandDecoder().push(ascii('A\nB 1\nno command\nC\n'))) received.push(command);
    }).toThrowError(malformed);
    expect(received).toEqual([
      { name: 'A', args: [] },
      { name: 'B', args: ['1'] },
    ]);
  });

  it('ends alike wherever the stream is cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });
    const mistakes = fc.constantFrom('nothing\n', '\n', 'bCORE_WRITE WRAM\nA\n', `X ${'1;'.repeat(20)}1\n`);
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 6 }), mistakes, sizes, (sent, mistake, steps) => {
        const good = sent.flatMap((command) => [...encodeNwaCommand(command)]);
        const wire = Uint8Array.from([...good, ...ascii(mistake), ...ascii('A\n')]);
        const decoder = new NwaCommandDecoder();
        const received: NwaCommand[] = [];
        expect(() => {
          for (let at = 0, i = 0; at < wire.length; i++) {
            const end = at + (steps[i % steps.length] ?? 1);
            for (const command of decoder.push(wire.slice(at, end))) received.push(command);
            at = end;
          }
        }).toThrowError(malformed);
        expect(received).toEqual(sent);
      }),
    );
  });

  it('makes commands or a coded error of any bytes', () => {
    const starts = fc.constantFrom('', 'A ', 'bA\n', 'bA\n\0\0\0\0\u0004');
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 100 }), (start, tail) => {
        const decoder = new NwaCommandDecoder({ maxBlockBytes: 64, maxLineBytes: 200 });
        try {
          const all = [...decoder.push(ascii(start)), ...decoder.push(tail)];
          for (const { name } of all) expect(name).toMatch(/^!?[A-Z][A-Z0-9_]*$/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'protocol_malformed' });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
