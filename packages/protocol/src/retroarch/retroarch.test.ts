import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeCommand,
  encodeCommands,
  HOT_KEYS,
  parseCommand,
  parseCommands,
  type RetroArchCommand,
} from './command.js';
import { MAX_COMMAND, MAX_READ, MAX_WRITE } from './limits.js';
import { encodeReply, isAtLeast, parseReply, type RetroArchReply } from './reply.js';

const address = fc.integer({ min: 0, max: 0xff_ffff });
const command: fc.Arbitrary<RetroArchCommand> = fc.oneof(
  fc.constant<RetroArchCommand>({ kind: 'version' }),
  fc.constant<RetroArchCommand>({ kind: 'status' }),
  fc.record({ kind: fc.constant('read' as const), address, size: fc.integer({ min: 1, max: MAX_READ }) }),
  fc.record({
    kind: fc.constant('write' as const),
    address,
    data: fc.uint8Array({ minLength: 1, maxLength: MAX_WRITE }),
  }),
  fc.record({ kind: fc.constant('key' as const), key: fc.constantFrom(...HOT_KEYS) }),
  fc.record({ kind: fc.constant('config' as const), name: fc.constantFrom('savefile_directory', 'no_such_setting') }),
);

describe('commands', () => {
  it('are what they were when parsed again', () => {
    fc.assert(
      fc.property(command, (each) => {
        expect(parseCommand(encodeCommand(each))).toEqual(each);
      }),
    );
  });

  it('are the same in one datagram, or are refused where RetroArch would cut it', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 100 }), (several) => {
        const size = several.map(encodeCommand).join('\n').length;
        if (size <= MAX_COMMAND) expect(parseCommands(encodeCommands(several))).toEqual(several);
        else expect(() => encodeCommands(several)).toThrow(expect.objectContaining({ code: 'address_out_of_range' }));
      }),
    );
  });

  /** `docs/specs/retroarch.md`: cut commands, trailing blanks and odd words wipe memory; huge counts kill. */
  it('can never be one that does damage, whatever is asked for', () => {
    const anything = fc.oneof(fc.integer(), fc.double(), fc.constant(-1), fc.constant(Number.NaN));
    const wild = fc.oneof(
      fc.record({ kind: fc.constant('read' as const), address: anything, size: anything }),
      fc.record({
        kind: fc.constant('write' as const),
        address: anything,
        data: fc.uint8Array({ minLength: 0, maxLength: 800 }),
      }),
      fc.record({ kind: fc.constant('message' as const), text: fc.string({ unit: 'binary', maxLength: 3000 }) }),
      fc.record({ kind: fc.constant('config' as const), name: fc.string() }),
    );
    fc.assert(
      fc.property(wild, (each) => {
        let text: string;
        try {
          text = encodeCommand(each);
        } catch {
          return;
        }
        expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(MAX_COMMAND);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
        expect(text).not.toMatch(/[\u0000-\u001f\u007f]/);
        if (each.kind === 'write') expect(text).toMatch(/^WRITE_CORE_MEMORY [0-9a-f]{1,8}( [0-9A-F]{2}){1,512}$/);
        if (each.kind === 'read') expect(text).toMatch(/^READ_CORE_MEMORY [0-9a-f]{1,8} [1-9]\d{0,3}$/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['read', { kind: 'read', address: 0, size: -1 }],
    ['read', { kind: 'read', address: 0, size: MAX_READ + 1 }],
    ['write', { kind: 'write', address: 0, data: new Uint8Array(MAX_WRITE + 1) }],
    ['write', { kind: 'write', address: 0, data: new Uint8Array(0) }],
  ] as const)('refuse an unsafe %s', (_, each) => {
    expect(() => encodeCommand(each)).toThrow(expect.objectContaining({ code: 'address_out_of_range' }));
  });

  it('show a message on one line', () => {
    expect(encodeCommand({ kind: 'message', text: 'Rope\nQUIT\r from Pip ' })).toBe('SHOW_MSG Rope QUIT  from Pip');
  });

  it('are ignored where nobody knows them', () => {
    for (const line of ['', 'HELLO', 'READ_CORE_MEMORY', 'READ_CORE_MEMORY 10 -1', 'WRITE_CORE_MEMORY 10 XX']) {
      expect(parseCommand(line)).toBeUndefined();
    }
  });
});

const content = fc.string({ minLength: 0, maxLength: 40 }).filter((text) => !/\n|\r/.test(text));
const crc32 = fc.integer({ min: 0, max: 0xffff_ffff });
const reply: fc.Arbitrary<RetroArchReply> = fc.oneof(
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.record({
      state: fc.constantFrom('playing' as const, 'paused' as const),
      system: fc.constantFrom('bsnes-mercury', 'super_nes', 'Gambatte'),
      content,
      crc32,
    }),
  }),
  fc.constant<RetroArchReply>({ kind: 'status', status: { state: 'contentless' } }),
  fc.constant<RetroArchReply>({ kind: 'version', version: '1.14.0' }),
  fc.record({ kind: fc.constant('read' as const), address, data: fc.uint8Array({ minLength: 1, maxLength: 64 }) }),
  fc.record({
    kind: fc.constant('config' as const),
    name: fc.constantFrom('savefile_directory', 'no_such_setting'),
    value: fc.constantFrom('', '/home/pip/my saves', 'unsupported'),
  }),
  fc.record({ kind: fc.constant('written' as const), address, count: fc.integer({ min: 0, max: 512 }) }),
  fc.record({
    kind: fc.constant('refused' as const),
    of: fc.constantFrom('read' as const, 'write' as const),
    address,
    reason: fc.constantFrom('no memory map defined', 'no descriptor for address', 'descriptor data is readonly'),
  }),
);

describe('replies', () => {
  it('are what they were when parsed again, names with blanks and commas included', () => {
    fc.assert(
      fc.property(reply, (each) => {
        expect(parseReply(encodeReply(each))).toEqual(each);
      }),
    );
  });

  it('name the content that RetroArch named', () => {
    const line = 'GET_STATUS PLAYING super_nes,A Link, to the Past (Europe),crc32=3607b5a7\n';
    expect(parseReply(line)).toEqual({
      kind: 'status',
      status: { state: 'playing', system: 'super_nes', content: 'A Link, to the Past (Europe)', crc32: 0x3607b5a7 },
    });
  });

  it('that are cut anywhere are none, or say less: never other bytes', () => {
    const whole = encodeReply({ kind: 'read', address: 0xf50010, data: Uint8Array.of(1, 2, 0xab) });
    for (let length = 0; length < whole.length; length++) {
      const cut = parseReply(whole.slice(0, length));
      if (cut?.kind === 'read') expect(Uint8Array.of(1, 2, 0xab).subarray(0, cut.data.length)).toEqual(cut.data);
    }
  });

  it('are read from anything without an exception', () => {
    const lines = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `READ_CORE_MEMORY ${text}`),
      fc.string().map((text) => `GET_STATUS ${text}`),
      fc.string().map((text) => `WRITE_CORE_MEMORY 10 ${text}`),
    );
    fc.assert(
      fc.property(lines, (line) => void parseReply(line)),
      { numRuns: 2000 },
    );
    expect(parseReply(`READ_CORE_MEMORY 10 ${'00 '.repeat(40_000)}00`)).toBeUndefined();
  });
});

it.each([
  ['1.14.0', true],
  ['1.10.3', true],
  ['1.10.2', false],
  ['1.9.14', false],
  ['2.0', true],
])('version %s is new enough: %s', (version, enough) => {
  expect(isAtLeast(version, '1.10.3')).toBe(enough);
});
