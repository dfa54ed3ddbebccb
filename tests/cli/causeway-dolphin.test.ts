import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '@causeway/testbed/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lowMemoryBytes } from '../../packages/dolphin-bridge/src/testing/low-memory-bytes.js';
import { ARENA_SIZES, StandIn } from '../../packages/dolphin-bridge/src/testing/stand-in.js';
import { coinRoom } from './emberwalk-room.js';
import { finish, RunningCommand, type RunOptions } from './running-command.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const FROM_SOURCE = ['--conditions=@causeway/source', '--import', 'tsx', 'packages/dolphin-bridge/src/main.ts'];
/** A name that the kernel keeps whole: nothing else that runs on this machine is looked at. */
const NAME = 'dolphin-clitest';

const options = (env: Record<string, string> = {}): RunOptions => ({
  program: FROM_SOURCE,
  env: { DME_DOLPHIN_PROCESS_NAME: NAME, ...env },
});
const dolphin = (argv: readonly string[], env?: Record<string, string>) => finish(argv, options(env));
const uriOf = ({ pid }: StandIn): string => `dolphin://pid/${pid}`;
const jsonLines = (out: string) =>
  out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
const playing = async (id: string): Promise<StandIn> => {
  const standIn = await StandIn.open(NAME);
  await standIn.start(ARENA_SIZES.GC, lowMemoryBytes({ system: 'GC', id }));
  return standIn;
};

test('the installed program says what to do when it is not built, and is the same when it is', async () => {
  const program = ['packages/dolphin-bridge/bin/causeway-dolphin.mjs'];
  const { code, out, err } = await finish(['--version'], { program });
  const { version } = JSON.parse(readFileSync(path('../../packages/dolphin-bridge/package.json'), 'utf8'));
  if (existsSync(path('../../packages/dolphin-bridge/dist/main.js'))) {
    expect({ code, out, err }).toEqual({ code: 0, out: `causeway-dolphin ${version}\n`, err: '' });
  } else expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('npm run build') });
});

describe.skipIf(process.platform !== 'linux')('without a game', () => {
  test('devices finds nothing and is 0; info is 3 and says what to do', async () => {
    expect(await dolphin(['devices', '--json'])).toMatchObject({ code: 0, out: '' });
    const { code, out, err } = await dolphin(['info']);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    // In a container it also says that a Dolphin outside cannot be seen.
    expect(err).toMatch(/Start (Dolphin and load )?the game/);
    expect(err).toContain('error: device_not_found');
  });

  test('a Dolphin that is open is listed with what it lacks', async () => {
    await using standIn = await StandIn.open(NAME);
    const listing = { uri: uriOf(standIn), state: 'silent', detail: 'open, but no game is running' };
    expect(jsonLines((await dolphin(['devices', '--json'])).out)).toEqual([expect.objectContaining(listing)]);
    const { code, err } = await dolphin(['info']);
    expect(code).toBe(3);
    expect(err).toContain(`Dolphin (pid ${standIn.pid}) is open, but no game is running.`);
  });

  test('an address that is none is 2', async () => {
    for (const uri of ['bizhawk://127.0.0.1:43055', 'dolphin://game/GZ', 'dolphin://socket/tmp/100%']) {
      expect(await dolphin(['info', '--device', uri]), uri).toMatchObject({ code: 2, out: '' });
    }
  });

  test('a debugger connection that is not there is 3', async () => {
    const { code, err } = await dolphin(['info', '--device', 'dolphin://socket/tmp/causeway-nowhere']);
    expect(code).toBe(3);
    expect(err).toContain('GDBSocket');
  });
});

describe.skipIf(process.platform !== 'linux')('with a game', () => {
  let standIn: StandIn;
  beforeAll(async () => {
    standIn = await playing('GZLE99');
  });
  afterAll(() => standIn[Symbol.asyncDispose]());

  test('devices and info tell which it is', async () => {
    expect(jsonLines((await dolphin(['devices', '--json'])).out)).toEqual([
      expect.objectContaining({ uri: uriOf(standIn), state: 'ready', system: 'GC' }),
    ]);
    const { code, out, err } = await dolphin(['info', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      system: 'GC',
      rom: { hash: 'GZLE99 revision 0' },
      domains: expect.arrayContaining([{ name: 'MEM1', size: 0x0180_0000, writable: true }]),
    });
  });

  test('read, write and guards reach its memory, by number and by game', async () => {
    const byNumber = ['--device', uriOf(standIn)];
    const byGame = ['--device', 'dolphin://game/GZLE99'];
    expect((await dolphin(['write', 'Bus', '0x80300100', 'c0ffee', ...byNumber])).code).toBe(0);
    const read = await dolphin(['read', 'MEM1', '0x300100', '3', '--json', ...byGame]);
    expect(read).toMatchObject({ code: 0, out: '{"domain":"MEM1","address":3145984,"size":3,"hex":"c0ffee"}\n' });
    const refused = await dolphin(['write', 'Bus', '0x80300100', '00', '--guard', 'MEM1:0x300100:c1']);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect([...(await standIn.read(0x30_0100, 1))]).toEqual([0xc0]);
  });

  test('an address without memory is 2, and says where memory is', async () => {
    const { code, out, err } = await dolphin(['read', 'Bus', '0xcc003000', '4']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('0x80000000 to 0x817FFFFF');
    expect(err).toContain('error: address_unmapped');
  });

  test('watch prints what changes, also in the game after this one, until Ctrl+C, which is 130', async () => {
    await using other = await playing('GALE01');
    await using watch = new RunningCommand(
      ['watch', 'Bus:0x80300200:u16be:hearts', '--json', '--device', uriOf(other)],
      options(),
    );
    await watch.shows('"value":0');
    await other.write(0x30_0200, Uint8Array.of(1, 2));
    await watch.shows('"value":258');
    await other.stop();
    await other.start(ARENA_SIZES.GC, lowMemoryBytes({ system: 'GC', id: 'GALE01' }));
    await other.write(0x30_0200, Uint8Array.of(0, 7));
    await watch.shows('"value":7');
    watch.interrupt();
    expect(await watch.ended).toBe(130);
  });

  test('two games are told apart, and neither is taken for the other', async () => {
    await using other = await playing('GALE01');
    const { code, out, err } = await dolphin(['info']);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('error: device_ambiguous');
    for (const uri of [uriOf(standIn), uriOf(other)]) expect(err).toContain(uri);
  });

  test('run says which game no module knows, and is 5', async () => {
    await using server = await startServer({ room: coinRoom() });
    const env = { CAUSEWAY_LOG_DIR: mkdtempSync(join(tmpdir(), 'causeway-cli-')) };
    const { code, err } = await dolphin(['run', '--server', server.url, '--json'], env);
    expect(code).toBe(5);
    expect(err).toContain('GZLE99');
  });
});
