import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CausewayError } from '@causeway/protocol/errors';
import { describe, expect, test } from 'vitest';
import type { GameModule } from '../../game/contract.js';
import { type StartOptions, startRun as start } from '../testing/start-run.js';
import { TestRoom, testGame } from '../testing/test-room.js';

const PASSWORD = 'correct horse/battery';

describe('run for people', () => {
  test('tells the story on stderr and nothing on stdout, until stopped', async () => {
    const { host, memory, room, done } = start(['--server', 'localhost:38281']);
    await host.shows('received');
    memory.ram[0x10] = 1;
    await host.shows('found');
    host.interrupt();
    expect(await done).toBe(130);
    const told = host.errText().replace(/^\d\d:\d\d:\d\d {2}/gm, '');
    expect(told).toMatch(/^Log: .*causeway-test-.*-4711\.log$/m);
    expect(told).toContain('device      NES at memory://1, memory of this test\n');
    expect(told).toContain('rom         Chest<1B>[31m Walk\n');
    expect(told).toContain('game        A Test (Test Game)\n');
    expect(told).toContain('server      connected as Ana, Test Game: 1 of 3 locations checked, 2 items received\n');
    expect(told).toContain('received    Sword from Ben (Chest 70)\n');
    expect(told).toContain('found       Chest 7\n');
    expect(told).toContain('chat        Ben: hello <1B>[2J');
    expect(host.outText()).toBe('');
    expect(room.checked).toContain(7);
    expect(memory.openDevices).toBe(0);
  });

  test('takes the slot of the ROM unless --slot names one', async () => {
    const named = start(['--server', 'localhost', '--slot', 'Zoe']);
    await named.host.shows('connected as Zoe');
    named.host.interrupt();
    await named.done;
    expect(named.room.joins[0]).toMatchObject({ server: 'localhost:38281', slot: 'Zoe' });
  });

  test('without a slot anywhere is slot_unknown, exit 2', async () => {
    const { host, done } = start(['--server', 'localhost'], { modules: [testGame()] });
    expect(await done).toBe(2);
    expect(host.errText()).toContain('error: slot_unknown');
    expect(host.errText().match(/slot_unknown/g)).toHaveLength(1);
  });

  test('without a room is a usage error', async () => {
    const { host, done } = start([]);
    expect(await done).toBe(2);
    expect(host.errText()).toContain('! No room is given.');
  });

  test('a refused login is 4', async () => {
    const { host, done } = start(['--server', 'localhost'], { room: new TestRoom({ password: PASSWORD }) });
    expect(await done).toBe(4);
    expect(host.errText()).toContain('error: server_refused_password');
  });

  test('a ROM no module knows is 5', async () => {
    const stranger: GameModule = { ...testGame(), identify: () => ({ match: 'no' }) } as GameModule;
    const { host, done } = start(['--server', 'localhost'], { modules: [stranger] });
    expect(await done).toBe(5);
    expect(host.errText()).toContain('error: rom_not_recognised');
  });

  test('--observe sends no check', async () => {
    const { host, memory, room, done } = start(['--server', 'localhost', '--observe']);
    await host.shows('received');
    memory.ram[0x10] = 1;
    const seen = memory.batches.length;
    while (memory.batches.length < seen + 5) await new Promise((resolve) => setImmediate(resolve));
    host.interrupt();
    await done;
    expect(room.checked).toEqual([]);
  });
});

describe('run for programs', () => {
  test('is one event per line on stdout', async () => {
    const { host, memory, done } = start(['--server', 'localhost:38281', '--json']);
    await host.shows('"item.received"');
    memory.ram[0x10] = 1;
    await host.shows('"location.checked"');
    host.interrupt();
    expect(await done).toBe(130);
    const events = host
      .outText()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        'device.connected',
        'rom.identified',
        'game.selected',
        'server.connected',
        'item.received',
      ]),
    );
    for (const { time } of events) expect(new Date(time).toISOString()).toBe(time);
    expect(events.find(({ event }) => event === 'item.received')).toMatchObject({
      index: 0,
      id: 5,
      name: 'Sword',
      from: 'Ben',
    });
    expect(events.find(({ event }) => event === 'location.checked')).toMatchObject({ ids: [7], names: ['Chest 7'] });
    expect(events[0].info.capabilities).toEqual(['atomicBatch', 'framePaced', 'frameCounter', 'message']);
  });

  test('what ends it is told once', async () => {
    const { host, done } = start(['--server', 'localhost', '--json'], { modules: [testGame()] });
    expect(await done).toBe(2);
    const errors = host
      .outText()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === 'error');
    expect(errors).toEqual([expect.objectContaining({ code: 'slot_unknown' })]);
  });
});

describe('passwords', () => {
  const staysSecret = async (argv: readonly string[], options: StartOptions, prepare?: (folder: string) => void) => {
    const room = new TestRoom({ password: PASSWORD });
    const running = start(argv, { ...options, room });
    prepare?.(running.folder);
    await running.host.shows('connected as Ana');
    await running.host.shows('hello');
    running.host.interrupt();
    expect(await running.done).toBe(130);
    expect(running.everything()).not.toContain(PASSWORD);
    expect(running.everything()).not.toContain(encodeURIComponent(PASSWORD));
    expect(running.log()).toContain('Ben: hello');
    expect(room.passwords).toEqual([PASSWORD]);
    return running;
  };

  test('from the variable', async () => {
    await staysSecret(['--server', 'localhost'], { env: { CAUSEWAY_PASSWORD: PASSWORD } });
  });

  test('from a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-password-'));
    writeFileSync(join(folder, 'secret'), `${PASSWORD}\r\n`);
    await staysSecret(['--server', 'localhost', '--password-file', join(folder, 'secret')], {});
  });

  test('from a link, with a warning and never repeated', async () => {
    const link = `archipelago://Ana:${encodeURIComponent(PASSWORD)}@localhost:38281`;
    const { host, room } = await staysSecret([link], { modules: [testGame()] });
    expect(host.errText()).toContain('The address carries a password.');
    expect(room.joins[0]).toMatchObject({ server: 'localhost:38281', slot: 'Ana' });
  });

  test('None in a link is none', async () => {
    const { host, room, done } = start(['archipelago://Ana:None@localhost:1']);
    await host.shows('connected as Ana');
    host.interrupt();
    await done;
    expect(room.passwords).toEqual([undefined]);
    expect(host.errText()).not.toContain('password');
  });

  test('as an argument is refused without being repeated', async () => {
    for (const argv of [['--password', PASSWORD], [`--password=${PASSWORD}`], ['run', '-password', PASSWORD]]) {
      const { host, done } = start(['--server', 'localhost', ...argv]);
      expect(await done).toBe(2);
      expect(host.errText()).toContain(
        '! --password is not accepted.\n  Other users of this machine can see arguments.',
      );
      expect(host.outText() + host.errText()).not.toContain(PASSWORD);
    }
  });

  test('a link that cannot be understood is not repeated', async () => {
    for (const argv of [
      [`archipelago://Ana:hunter22@host:99999`],
      ['read', 'Ana:hunter22@host'],
      ['Ana:hunter22@host:1', 'x'],
    ]) {
      const { host, done } = start(argv);
      expect(await done).toBe(2);
      expect(host.outText() + host.errText()).not.toContain('hunter22');
    }
  });

  test('a missing password file is file_unreadable', async () => {
    const { host, done } = start(['--server', 'localhost', '--password-file', 'nowhere']);
    expect(await done).toBe(2);
    expect(host.errText()).toContain('error: file_unreadable');
  });

  test('from the prompt, without echo, after the room refused', async () => {
    const room = new TestRoom({ password: PASSWORD });
    const { host, done, everything } = start(['--server', 'localhost'], { room, tty: true });
    await host.shows('Password of localhost:38281:');
    host.type('wrong one');
    await expect.poll(() => room.passwords).toEqual([undefined, 'wrong one']);
    await expect.poll(() => host.errText().match(/Password of/g)).toHaveLength(2);
    host.type(PASSWORD);
    await host.shows('connected as Ana');
    await host.shows('hello');
    host.interrupt();
    expect(await done).toBe(130);
    expect(room.passwords).toEqual([undefined, 'wrong one', PASSWORD]);
    expect(everything()).not.toContain('wrong one');
    expect(everything()).not.toContain(PASSWORD);
  });
});

describe('the person at the keyboard', () => {
  test('chats, gives commands and leaves', async () => {
    const { host, room, done } = start(['--server', 'localhost'], { tty: true });
    await host.shows('connected as Ana');
    host.type('hi all');
    host.type('!hint Sword');
    host.type('/nonsense');
    await host.shows('There is no command /nonsense.');
    host.type('/quit');
    expect(await done).toBe(0);
    expect(room.said).toEqual(['hi all', '!hint Sword']);
  });

  test('is asked for a slot that nobody knows', async () => {
    const { host, room, done } = start(['--server', 'localhost'], { tty: true, modules: [testGame()] });
    await host.shows('Slot name:');
    host.type('Zoe');
    await host.shows('connected as Zoe');
    host.type('/quit');
    expect(await done).toBe(0);
    expect(room.joins.map(({ slot }) => slot)).toEqual(['Zoe']);
  });

  test('is asked for the room', async () => {
    const { host, room, done } = start([], { tty: true });
    await host.shows('Room (HOST:PORT):');
    host.type('example.org:5');
    await host.shows('connected as Ana');
    host.interrupt();
    expect(await done).toBe(130);
    expect(room.joins[0]?.server).toBe('example.org:5');
  });

  test('can stop at a question', async () => {
    const { host, done } = start([], { tty: true });
    await host.shows('Room (HOST:PORT):');
    host.stdin.push('\u0003');
    expect(await done).toBe(130);
  });

  test('is not asked anything with --json', async () => {
    const { done } = start(['--json'], { tty: true });
    expect(await done).toBe(2);
  });
});

describe('game modules', () => {
  const writeModule = (folder: string, source: string): void => writeFileSync(join(folder, 'mine.mjs'), source);
  const GAME = `export const module = {
    id: 'mine', game: 'Mine', systems: ['NES'], probe: { p: { domain: 'RAM', offset: 0, size: 1 } },
    identify: () => ({ match: 'yes', identity: { title: 'Mine', itemsHandling: 7, slotName: 'Kim' } }),
    start: () => null, plan: () => ({ regions: {} }), step: () => ({ state: null, effects: [], playing: true }),
  };`;

  test('of the person are loaded with --module', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-module-'));
    writeModule(folder, GAME);
    const { host, done } = start(['--server', 'localhost', '--module', join(folder, 'mine.mjs'), '--game', 'mine']);
    await host.shows('connected as Kim');
    host.interrupt();
    await done;
  });

  test.each([
    ['throws', 'throw new Error("boom");', 'boom'],
    ['exports nothing', 'export const other = 1;', 'does not export `module`'],
    ['lacks a function', GAME.replace('plan:', 'plans:'), '`plan` must be a function'],
    ['has a bad probe', GAME.replace('size: 1', 'size: 0'), '`probe.p` must be'],
  ])('a file that %s is module_invalid', async (_, source, why) => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-module-'));
    writeModule(folder, source);
    const { host, done } = start(['--server', 'localhost', '--module', join(folder, 'mine.mjs')]);
    expect(await done).toBe(2);
    expect(host.errText()).toContain(why);
    expect(host.errText()).toContain('error: module_invalid');
  });

  test('--game with an unknown name lists what there is', async () => {
    const { host, done } = start(['--server', 'localhost', '--game', 'Chess']);
    expect(await done).toBe(2);
    expect(host.errText()).toContain('There are test-game (Test Game).');
  });
});

describe('the log file', () => {
  test('is readable by its owner only and has every event', async () => {
    const { host, done, logs, log } = start(['--server', 'localhost']);
    await host.shows('received');
    host.interrupt();
    await done;
    expect(log()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z info {2}session\.event \{.*"event":"server\.connected"/m);
    const [file] = readdirSync(logs);
    expect(statSync(join(logs, file!)).mode & 0o077).toBe(0);
  });

  test('has the stack of what went wrong', async () => {
    const { done, log } = start(['--server', 'localhost'], { modules: [testGame()] });
    await done;
    expect(log()).toMatch(/error run\.failed .*run-session\.ts/);
  });

  test('is what a bug is reported with, where there is one', async () => {
    const broken = {
      ...testGame('Ana'),
      get probe(): never {
        throw new TypeError('oops');
      },
    };
    for (const [argv, fix] of [
      [[], 'Report it with the log file.'],
      [['--log-level', 'silent'], 'Report it with what the same command shows'],
    ] as const) {
      const { host, done } = start(['--server', 'localhost', ...argv], { modules: [broken] });
      expect(await done).toBe(1);
      expect(host.errText()).toContain('error: unexpected');
      expect(host.errText()).toContain(fix);
    }
  });

  test('that cannot be written is said at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-file-'));
    writeFileSync(join(folder, 'taken'), '');
    const { host, done } = start(['--server', 'localhost'], { env: { CAUSEWAY_LOG_DIR: join(folder, 'taken') } });
    expect(await done).toBe(1);
    expect(host.errText()).toContain('error: file_unwritable');
  });

  test('old ones are removed, others are left alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-logs-'));
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'causeway-other-2020-01-01.log'), '');
    for (let n = 10; n < 50; n++) writeFileSync(join(folder, `causeway-test-2020-01-${n}.log`), '');
    const { host, done } = start(['--server', 'localhost'], { env: { CAUSEWAY_LOG_DIR: folder } });
    await host.shows('Log:');
    host.interrupt();
    await done;
    const left = readdirSync(folder);
    expect(left.filter((name) => name.startsWith('causeway-test-'))).toHaveLength(30);
    expect(left).toContain('causeway-other-2020-01-01.log');
    expect(left).not.toContain('causeway-test-2020-01-10.log');
  });

  test('is not written with --log-level silent', async () => {
    const { host, done } = start(['--server', 'localhost', '--log-level', 'silent']);
    await host.shows('received');
    host.interrupt();
    await done;
    expect(host.errText()).not.toContain('Log:');
  });
});

test('an error that does not end the session is told in the story', async () => {
  const room = new TestRoom();
  const { host, done } = start(['--server', 'localhost'], { room });
  await host.shows('received');
  room.joins[0]?.request.onEvent({ kind: 'problem', error: new CausewayError('server_malformed', 'Odd packet.') });
  await host.shows('Odd packet.');
  host.interrupt();
  await done;
});
