import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '@causeway/testbed/server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readWorkRam } from '../../examples/memory/src/read-work-ram.js';
import { FakeSni, retroarchDevice } from '../../packages/sni-bridge/src/grpc/testing/fake-sni.js';
import { FakeNwa } from '../../packages/sni-bridge/src/nwa/testing/fake-nwa.js';
import { type ServedNwa, serveNwa } from '../../packages/sni-bridge/src/nwa/testing/serve-nwa.js';
import { putHeader } from '../../packages/sni-bridge/src/testing/put-header.js';
import { freePort } from '../support/free-port.js';
import { coinRoom } from './emberwalk-room.js';
import { finish, RunningCommand, type RunOptions } from './running-command.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const FROM_SOURCE = ['--conditions=@causeway/source', '--import', 'tsx', 'packages/sni-bridge/src/main.ts'];

let nowhere: Record<string, string>;
beforeAll(async () => {
  const silent = `127.0.0.1:${await freePort()}`;
  // Nothing of what may really run on this machine.
  nowhere = {
    SNI_RETROARCH_HOSTS: silent,
    SNI_EMUNW_HOSTS: silent,
    SNI_USB2SNES_LISTEN_ADDRS: silent,
    SNI_GRPC_LISTEN_PORT: String(await freePort()),
  };
});

const options = (env: Record<string, string> = {}): RunOptions => ({
  program: FROM_SOURCE,
  env: { ...nowhere, ...env },
});
const sni = (argv: readonly string[], env?: Record<string, string>) => finish(argv, options(env));
const jsonLines = (out: string) =>
  out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe('without a console', () => {
  test('--help and --version are 0, on stdout', async () => {
    const help = await sni(['--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('serve');
    const { version } = JSON.parse(readFileSync(path('../../packages/sni-bridge/package.json'), 'utf8'));
    expect(await sni(['--version'])).toEqual({ code: 0, out: `causeway-sni ${version}\n`, err: '' });
  });

  test('devices finds nothing and is 0; info is 3 and says what to do', async () => {
    expect(await sni(['devices', '--json'])).toMatchObject({ code: 0, out: '' });
    const { code, out, err } = await sni(['info']);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('Network Commands');
    expect(err).toContain('error: device_not_found');
  });

  test.each(['retroarch', 'usb2snes', 'sni', 'nwa'])('a %s that is not there is 3, in three lines', async (scheme) => {
    const { code, out, err } = await sni([
      'info',
      '--device',
      `${scheme}://127.0.0.1:${await freePort()}`,
      '--timeout',
      '900',
    ]);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err.trimEnd().split('\n')).toHaveLength(3);
  });

  test('an address that is none is 2, and so is one in the environment', async () => {
    expect(await sni(['info', '--device', 'bizhawk://127.0.0.1:43055'])).toMatchObject({ code: 2, out: '' });
    const { code, err } = await sni(['devices'], { SNI_RETROARCH_HOSTS: 'a b' });
    expect(code).toBe(2);
    expect(err).toContain('SNI_RETROARCH_HOSTS');
  });

  test('the installed program says what to do when it is not built, and is the same when it is', async () => {
    const built = existsSync(path('../../packages/sni-bridge/dist/main.js'));
    const { code, out, err } = await finish(['--version'], { program: ['packages/sni-bridge/bin/causeway-sni.mjs'] });
    if (built) expect({ code, out: out.split(' ')[0] }).toEqual({ code: 0, out: 'causeway-sni' });
    else expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('npm run build') });
  });
});

describe('with an NWA emulator', () => {
  let emulator: FakeNwa;
  let served: ServedNwa;
  let device: string[];

  beforeEach(() => {
    emulator.state = 'running';
  });
  beforeAll(async () => {
    emulator = new FakeNwa();
    putHeader(emulator.memories.get('CARTROM') ?? new Uint8Array(0), 0x7fb0, { title: 'SIXTEEN BITS' });
    served = await serveNwa(emulator);
    device = ['--device', served.uri];
  });
  afterAll(() => served[Symbol.asyncDispose]());

  test('devices and info find it where the environment says', async () => {
    const env = { SNI_EMUNW_HOSTS: `127.0.0.1:${served.port}` };
    expect(jsonLines((await sni(['devices', '--json'], env)).out)).toEqual([
      expect.objectContaining({ uri: served.uri, state: 'ready', system: 'SNES' }),
    ]);
    const { code, out, err } = await sni(['info', '--json'], env);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      system: 'SNES',
      domains: expect.arrayContaining([{ name: 'WRAM', size: 0x20000, writable: true }]),
    });
    expect(out).toContain('SIXTEEN BITS');
  });

  test('read, write and guards reach its memory', async () => {
    expect((await sni(['write', 'WRAM', '0x100', 'c0ffee', ...device])).code).toBe(0);
    const read = await sni(['read', 'WRAM', '0x100', '3', '--json', ...device]);
    expect(read).toMatchObject({ code: 0, out: '{"domain":"WRAM","address":256,"size":3,"hex":"c0ffee"}\n' });
    const refused = await sni(['write', 'WRAM', '0x100', '00', '--guard', 'WRAM:0x100:c1', ...device]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('WRAM:0x100 is c0, not c1.');
    expect(emulator.memories.get('WRAM')?.[0x100]).toBe(0xc0);
  });

  test('the example of the README reads it', async () => {
    emulator.memories.get('WRAM')?.set([1, 2, 3], 0x300);
    const read = await readWorkRam(0x300, 3, served.uri);
    expect(read).toEqual({ title: 'SIXTEEN BITS', bytes: Uint8Array.of(1, 2, 3) });
  });

  test('memory that does not exist, or cannot be written, is 2', async () => {
    expect(await sni(['read', 'RAM', '0', '1', ...device])).toMatchObject({ code: 2, out: '' });
    expect(await sni(['read', 'WRAM', '0x1ffff', '2', ...device])).toMatchObject({ code: 2, out: '' });
    const rom = await sni(['write', 'ROM', '0', '00', ...device]);
    expect(rom.err).toContain('error: domain_read_only');
  });

  test('watch prints what changes, until Ctrl+C, which is 130', async () => {
    await using watch = new RunningCommand(['watch', 'WRAM:0x200:u8:mark', '--json', ...device], options());
    await watch.shows('"value":0');
    emulator.memories.get('WRAM')?.set([7], 0x200);
    await watch.shows('"value":7');
    watch.interrupt();
    expect(await watch.ended).toBe(130);
    expect(watch.objects.map(({ name, value }) => [name, value])).toEqual([
      ['mark', 0],
      ['mark', 7],
    ]);
    expect(emulator.clients).toBe(0);
  });

  test('run says which ROM no module knows, and is 5', async () => {
    await using server = await startServer({ room: coinRoom() });
    const env = { CAUSEWAY_LOG_DIR: mkdtempSync(join(tmpdir(), 'causeway-cli-')) };
    const { code, err } = await sni(['run', ...device, '--server', server.url, '--json'], env);
    expect(code).toBe(5);
    expect(err).toContain('SIXTEEN BITS');
  });
});

test('several consoles are told apart, and one is chosen by its URI', async () => {
  const behind = new FakeSni();
  putHeader(behind.memory, 0x7fb0);
  const wanted = 'ra://127.0.0.1:50001';
  behind.devices = [retroarchDevice('ra://127.0.0.1:50000'), retroarchDevice(wanted)];
  const port = await behind.start();
  try {
    const env = { SNI_GRPC_LISTEN_PORT: String(port) };
    const found = jsonLines((await sni(['devices', '--json'], env)).out);
    expect(found).toHaveLength(2);
    const unsure = await sni(['info'], env);
    expect(unsure).toMatchObject({ code: 3, out: '' });
    expect(unsure.err).toContain('error: device_ambiguous');
    const uri = `sni://127.0.0.1:${port}/?device=${encodeURIComponent(wanted)}`;
    expect(unsure.err).toContain(uri);
    const info = await sni(['info', '--json', '--device', uri]);
    expect(JSON.parse(info.out)).toMatchObject({ uri, system: 'SNES' });
  } finally {
    behind.stop();
  }
});
