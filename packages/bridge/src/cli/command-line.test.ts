import { CausewayError } from '@causeway/protocol/errors';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCommandLine } from './command-line.js';
import { SHARED_VERBS } from './verbs.js';

const parse = (...argv: string[]) => parseCommandLine(argv, SHARED_VERBS);

const fault = (...argv: string[]): CausewayError => {
  try {
    parse(...argv);
  } catch (error) {
    if (CausewayError.is(error)) return error;
    throw error;
  }
  throw new Error(`${argv.join(' ')} was understood`);
};

describe('a command line', () => {
  test('without a verb is run', () => {
    expect(parse().verb.name).toBe('run');
    expect(parse('--server', 'localhost').verb.name).toBe('run');
    expect(parse('archipelago://Ana@host:1')).toMatchObject({
      verb: { name: 'run' },
      operands: ['archipelago://Ana@host:1'],
    });
  });

  test("takes Archipelago's own words", () => {
    const { flags } = parse('run', '--connect', 'host:1', '--name', 'Ana');
    expect(flags).toMatchObject({ server: 'host:1', slot: 'Ana' });
  });

  test('takes flags anywhere, with = or without, and numbers in both bases', () => {
    expect(parse('--timeout=0x10', 'read', 'RAM', '--json', '0', '1').flags).toMatchObject({ timeout: 16, json: true });
    expect(parse('read', 'RAM', '0', '1', '--timeout', '16').flags).toMatchObject({ timeout: 16, json: false });
  });

  test('collects repeated guards', () => {
    const { flags } = parse('write', 'RAM', '0', '00', '--guard', 'RAM:0x1f:01', '--guard', 'WRAM:2:ff00');
    expect(flags['guard']).toEqual([
      { kind: 'guard', at: { domain: 'RAM', offset: 0x1f }, expect: Uint8Array.of(1) },
      { kind: 'guard', at: { domain: 'WRAM', offset: 2 }, expect: Uint8Array.of(0xff, 0) },
    ]);
  });

  test.each([
    [['frobnicate'], 'There is no verb "frobnicate".'],
    [['search', 'RAM'], 'There is no verb "search".'],
    [['AP_84_P1_Ana.apemerald'], '"AP_84_P1_Ana.apemerald" is a patch file.'],
    [['devices', '--nope'], 'There is no flag --nope.'],
    [['devices', '-x'], 'There is no flag -x.'],
    [['devices', '--guard', 'RAM:0:00'], '--guard is not a flag of `devices`.'],
    [['devices', 'now'], '"now" is one argument too many.'],
    [['devices', '--json=yes'], '--json takes no value.'],
    [['read', 'RAM', '0'], '`read` needs SIZE.'],
    [['watch'], '`watch` needs SPEC.'],
    [['read', 'RAM', '0', '1', '--timeout'], '--timeout needs a value.'],
    [['read', 'RAM', '0', '1', '--timeout', '--json'], '--timeout needs a value.'],
    [['read', 'RAM', '0', '1', '--timeout', '1e3'], '--timeout "1e3" is not a number.'],
    [['read', 'RAM', '0', '1', '--timeout', '0'], '--timeout 0 is out of range.'],
    [['read', 'RAM', '0', '1', '--timeout', '1', '--timeout', '2'], '--timeout is given twice.'],
    [['run', '--slot', 'a', '--name', 'b'], '--slot is given twice.'],
    [['info', '--device', 'localhost'], '--device "localhost" is not a device.'],
    [['info', '--log-level', 'loud'], '--log-level "loud" is not known.'],
    [['write', 'RAM', '0', '00', '--guard', 'RAM:1'], '--guard "RAM:1" is not a guard.'],
    [['write', 'RAM', '0', '00', '--guard', 'RAM:1:0'], 'HEX in --guard "0" is not hexadecimal bytes.'],
    [['run', '--server', ''], '--server is empty.'],
  ])('%j is a usage error', (argv, message) => {
    expect(fault(...argv)).toMatchObject({ code: 'usage', message });
  });

  test('an unknown verb is answered with those there are', () => {
    expect(fault('frobnicate').context['why']).toBe('There are run, devices, info, read, write, watch.');
  });

  test('never repeats a password, whatever else is wrong', () => {
    const secret = fc.string({ minLength: 8, unit: fc.constantFrom(...'Zz90!?*') });
    const noise = fc.array(fc.constantFrom('run', 'read', '--json', 'x', '--', '--guard', '--server', '1'), {
      maxLength: 4,
    });
    void fc.assert(
      fc.property(secret, noise, noise, fc.integer({ min: 0, max: 2 }), (password, before, after, form) => {
        const given = [['--password', password], [`--password=${password}`], [`Ana:${password}@host`]][form] ?? [];
        try {
          const line = parse(...before, ...given, ...after);
          // Understood means as an address (its reader hides it) or as words behind `--`.
          expect(form === 2 || before.includes('--')).toBe(true);
          expect(line.verb).toBeDefined();
        } catch (error) {
          if (!CausewayError.is(error)) throw error;
          if (form < 2 && before.includes('--')) return;
          expect(`${error.message} ${JSON.stringify(error.context)}`).not.toContain(password);
        }
      }),
    );
  });
});
