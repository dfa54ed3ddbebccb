import { CausewayError } from '@causeway/protocol/errors';
import { describe, expect, test } from 'vitest';
import { runBridgeCommand } from './run-bridge-command.js';
import { MemoryConsole, memoryDriver } from './testing/memory-driver.js';
import { type TestHostOptions, testHost } from './testing/test-host.js';

const start = (argv: readonly string[], options: TestHostOptions & { readonly memory?: MemoryConsole } = {}) => {
  const host = testHost(argv, options);
  const memory = options.memory ?? new MemoryConsole();
  const done = runBridgeCommand({
    name: 'causeway-test',
    version: '1.2.3',
    about: 'A bridge for tests.',
    loadDriver: async () => memoryDriver(memory),
    host,
  });
  return { host, memory, done };
};

const finish = async (argv: readonly string[], options: Parameters<typeof start>[1] = {}) => {
  const { host, memory, done } = start(argv, options);
  const code = await done;
  return { code, out: host.outText(), err: host.errText(), memory };
};

describe('help and version', () => {
  test('--version prints name and version on stdout', async () => {
    expect(await finish(['--version'])).toMatchObject({ code: 0, out: 'causeway-test 1.2.3\n', err: '' });
  });

  test('--help lists every verb', async () => {
    const { code, out, err } = await finish(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const verb of [
      'run [LINK]',
      'devices',
      'info',
      'read DOMAIN ADDRESS SIZE',
      'write DOMAIN ADDRESS HEX',
      'watch SPEC…',
    ]) {
      expect(out).toContain(verb);
    }
  });

  test('VERB --help is about the verb and needs nothing else to be right', async () => {
    const { code, out } = await finish(['write', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Usage: causeway-test write DOMAIN ADDRESS HEX [FLAGS]');
    expect(out).toContain('--guard DOMAIN:ADDRESS:HEX');
  });

  test('-h works, too', async () => {
    expect((await finish(['-h'])).out).toContain('Usage: causeway-test');
  });
});

describe('failures', () => {
  test('are three lines without a stack: what, why, what to do and the code', async () => {
    const { code, out, err } = await finish(['read', 'ROM', '0', '4']);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.split('\n')).toEqual([
      '! There is no domain "ROM".',
      '  domain: ROM',
      '  Use one of the memory domains that `info` lists. Names are case-sensitive.  error: domain_unknown',
      '',
    ]);
  });

  test('with --json are an object on stdout as well', async () => {
    const { code, out } = await finish(['read', 'ROM', '0', '4', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({
      time: '2026-01-02T03:04:05.000Z',
      event: 'error',
      code: 'domain_unknown',
      message: 'There is no domain "ROM".',
      fix: 'Use one of the memory domains that `info` lists. Names are case-sensitive.',
      context: { domain: 'ROM' },
    });
  });

  test('of our own making are unexpected, exit 1', async () => {
    const memory = new MemoryConsole();
    memory.onFrame = () => {
      throw new TypeError('a bug');
    };
    const { code, err } = await finish(['read', 'RAM', '0', '4'], { memory });
    expect(code).toBe(1);
    expect(err).toContain('! a bug\n');
    expect(err).toContain('error: unexpected');
    expect(err).toContain('Report it with what the same command shows with --log-level debug.');
    expect(err).not.toContain('log file');
    expect(err).not.toContain('.ts:');
  });

  test('no device is 3', async () => {
    const memory = new MemoryConsole();
    memory.away = new CausewayError('device_not_found', 'No emulator answers.');
    expect(await finish(['info'], { memory })).toMatchObject({ code: 3, out: '' });
  });

  test('an error nobody caught ends the process with 1', async () => {
    const { host, done } = start(['watch', 'RAM:0:u8']);
    await host.shows('RAM:0x0');
    host.fault(new Error('out of the blue'));
    expect(host.exits).toEqual([1]);
    expect(host.errText()).toContain('! out of the blue');
    host.interrupt();
    await done;
  });
});

describe('devices', () => {
  test('is a table for people, control characters made visible', async () => {
    const { code, out, err } = await finish(['devices']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      'DEVICE      STATE  SYSTEM  ROM                 PEER                 DETAIL',
      'memory://1  ready  NES     Chest<1B>[31m Walk  memory of this test',
      'memory://2  busy   -       -                   -                    another client holds it',
      '',
    ]);
  });

  test('is one object per line for programs', async () => {
    const { out } = await finish(['devices', '--json']);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).uri)).toEqual(['memory://1', 'memory://2']);
    expect(out).not.toContain('\u001b');
    expect(JSON.parse(lines[0]!).rom.title).toBe('Chest\u001b[31m Walk');
  });

  test('finding nothing is no failure', async () => {
    const memory = new MemoryConsole();
    memory.away = new CausewayError('device_lost', 'gone');
    const { code, out, err } = await finish(['devices'], { memory });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('No device found.');
  });
});

describe('info', () => {
  test('shows domains with sizes', async () => {
    const { code, out } = await finish(['info']);
    expect(code).toBe(0);
    expect(out).toMatch(/^system +NES$/m);
    expect(out).toMatch(/^RAM +256 +0x100/m);
    expect(out).toMatch(/^PRG ROM +32768 +0x8000 +read only$/m);
  });

  test('with --json lists capabilities as an array', async () => {
    const { out, memory } = await finish(['info', '--json', '--device', 'memory://1']);
    expect(JSON.parse(out)).toMatchObject({
      system: 'NES',
      capabilities: ['atomicBatch', 'framePaced', 'frameCounter', 'message'],
    });
    expect(memory.opened).toEqual(['memory://1']);
    expect(memory.openDevices).toBe(0);
  });
});

describe('read', () => {
  test('is a hex dump', async () => {
    const { code, out, err } = await finish(['read', 'RAM', '0x3e', '18']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      [
        '003e  3e 3f 40 41 42 43 44 45  46 47 48 49 4a 4b 4c 4d  |>?@ABCDEFGHIJKLM|',
        '004e  4e 4f                                             |NO|',
        '',
      ].join('\n'),
    );
  });

  test('with --json is exactly the documented object', async () => {
    expect((await finish(['read', 'RAM', '16', '0x4', '--json'])).out).toBe(
      '{"domain":"RAM","address":16,"size":4,"hex":"10111213"}\n',
    );
  });
});

describe('write', () => {
  test('writes', async () => {
    const { code, out, err, memory } = await finish(['write', 'RAM', '0x20', 'CAfe']);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: 'Written: 2 bytes to RAM:0x20.\n' });
    expect([...memory.ram.subarray(0x1f, 0x23)]).toEqual([0x1f, 0xca, 0xfe, 0x22]);
  });

  test('writes when every guard holds', async () => {
    const args = ['write', 'RAM', '5', '00', '--guard', 'RAM:1:0102', '--guard=RAM:0x10:10', '--json'];
    const { code, out, memory } = await finish(args);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ domain: 'RAM', address: 5, size: 1, hex: '00', written: true });
    expect(memory.ram[5]).toBe(0);
  });

  test('a guard that does not hold is an outcome: nothing written, said which, exit 1', async () => {
    const args = ['write', 'RAM', '5', '00', '--guard', 'RAM:1:01', '--guard', 'RAM:2:ff03'];
    const { code, out, err, memory } = await finish(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('Not written: guard 2 of 2 does not hold. RAM:0x2 is 0203, not ff03.\n');
    expect(memory.ram[5]).toBe(5);
  });

  test('and for programs', async () => {
    const { code, out } = await finish(['write', 'RAM', '5', '00', '--guard', 'RAM:2:ff', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      domain: 'RAM',
      address: 5,
      size: 1,
      hex: '00',
      written: false,
      failedGuard: 0,
      guard: { domain: 'RAM', address: 2, expected: 'ff', found: '02' },
    });
  });
});

describe('watch', () => {
  test('prints a line per change with frame numbers, until stopped', async () => {
    const memory = new MemoryConsole();
    memory.onFrame = (frame) => {
      if (frame === 103) memory.ram[0x11] = 1;
      if (frame === 105) memory.ram[0x20] = 0b100;
    };
    const argv = ['watch', 'RAM:0x10:u16le:gold', 'RAM:0x20:bits:chests', '--json'];
    memory.ram[0x20] = 0;
    const { host, done } = start(argv, { memory });
    await host.shows('"bit":2');
    host.interrupt();
    expect(await done).toBe(130);
    const lines = host
      .outText()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({ frame: 101, name: 'gold', value: 0x1110, domain: 'RAM', address: 16, type: 'u16le' }),
      expect.objectContaining({ frame: 103, name: 'gold', value: 0x0110, previous: 0x1110 }),
      expect.objectContaining({ frame: 105, name: 'chests', bit: 2, value: 1, previous: 0 }),
    ]);
    expect(host.errText()).toBe('Stopped.\n');
    expect(memory.openDevices).toBe(0);
  });

  test('reads everything in one batch, touching regions merged', async () => {
    const memory = new MemoryConsole();
    const { host, done } = start(['watch', 'RAM:0x10:u16le', 'RAM:0x12:u8', 'RAM:0x40:bytes[4]'], { memory });
    await host.shows('40414243');
    host.interrupt();
    await done;
    expect(memory.batches[0]).toEqual([
      { kind: 'read', at: { domain: 'RAM', offset: 0x10 }, size: 3 },
      { kind: 'read', at: { domain: 'RAM', offset: 0x40 }, size: 4 },
    ]);
  });

  test('survives the loss of the device and goes on with what changed', async () => {
    const memory = new MemoryConsole();
    const { host, done } = start(['watch', 'RAM:5:u8:hearts', '--json'], { memory });
    await host.shows('"value":5');
    memory.away = new CausewayError('device_lost', 'The emulator has gone.');
    await host.shows('device lost');
    await host.shows('waiting');
    memory.ram[5] = 9;
    memory.away = undefined;
    await host.shows('"value":9');
    host.interrupt();
    expect(await done).toBe(130);
    expect(host.outText().trimEnd().split('\n')).toHaveLength(2);
    expect(memory.openDevices).toBe(0);
  });

  test('ends when the device that came back has no such memory', async () => {
    const { code, err } = await finish(['watch', 'ROM:0:u8']);
    expect(code).toBe(2);
    expect(err).toContain('error: domain_unknown');
  });

  test('ends with 0 when the reader of stdout has gone', async () => {
    const { host, done } = start(['watch', 'RAM:0:u8']);
    await host.shows('RAM:0x0');
    host.stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    expect(await done).toBe(0);
    expect(host.errText()).toBe('');
  });

  test('a second interrupt does not wait', async () => {
    const { host, done } = start(['watch', 'RAM:0:u8']);
    await host.shows('RAM:0x0');
    host.interrupt();
    host.interrupt();
    expect(host.exits).toEqual([130]);
    expect(await done).toBe(130);
  });
});

describe('colour', () => {
  const coloured = (env: Readonly<Record<string, string>>, tty: boolean) => finish(['devices'], { env, tty });

  test('only on a terminal', async () => {
    expect((await coloured({}, true)).out).toContain('\u001b[32mready\u001b[0m');
    expect((await coloured({}, false)).out).not.toContain('\u001b');
  });

  test('NO_COLOR and dumb terminals have none', async () => {
    expect((await coloured({ NO_COLOR: '1' }, true)).out).not.toContain('\u001b');
    expect((await coloured({ TERM: 'dumb' }, true)).out).not.toContain('\u001b');
  });

  test('what comes from outside never brings its own', async () => {
    expect((await coloured({}, true)).out).toContain('Chest<1B>[31m Walk');
  });
});
