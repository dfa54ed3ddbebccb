import { describe, expect, it } from 'vitest';
import { FakeProc, type FakeProcess } from '../testing/fake-proc.js';
import { lockedCacheAt } from './arena-objects.js';
import { findAudioRam } from './audio-ram.js';
import { createLinuxSource, type LinuxSourceOptions } from './linux-source.js';

const SIZE = 0x0404_0000;
const arena = (name: string, stat = { dev: 25, ino: 7, size: SIZE }) => ({ link: `/dev/shm/${name} (deleted)`, stat });
const shell: FakeProcess = { comm: 'bash', uid: 1000, fd: { 0: { link: '/dev/pts/0' } } };

const find = async (proc: FakeProc, options: LinuxSourceOptions = {}, pid?: number) =>
  createLinuxSource({ proc, ...options }).find({ pid });
const facts = async (proc: FakeProc, options: LinuxSourceOptions = {}, pid?: number) =>
  (await find(proc, options, pid)).found.map(({ kind, pid: found, process }) => `${kind} ${found} ${process}`);

describe('finding Dolphin', () => {
  it.each(['dolphin-emu', 'dolphin-emu-nog', '.dolphin-emu-wr', 'AppRun', 'primehack', 'x'])(
    'finds a game under the name %s',
    async (comm) => {
      const proc = new FakeProc({ 12: shell, 77: { comm, uid: 1000, fd: { 5: arena('dolphin-emu.77') } } });
      expect(await facts(proc)).toEqual([`arena 77 ${comm}`]);
    },
  );

  it('knows a sandboxed one by its number inside', async () => {
    const proc = new FakeProc({
      13889: { comm: 'dolphin-emu', uid: 1000, inner: 2, fd: { 9: arena('dolphin-emu.2') } },
    });
    expect(await facts(proc)).toEqual(['arena 13889 dolphin-emu']);
  });

  it('takes no reader of a Dolphin for one, itself included', async () => {
    const proc = new FakeProc({
      77: { comm: 'dolphin-emu', uid: 1000, fd: { 5: arena('dolphin-emu.77') } },
      80: { comm: 'node', uid: 1000, fd: { 19: arena('dolphin-emu.77') } },
      999: { comm: 'node', uid: 1000, fd: { 19: arena('dolphin-emu.999') } },
    });
    expect(await facts(proc)).toEqual(['arena 77 dolphin-emu']);
  });

  it.each([
    ['an object without a size', arena('dolphin-emu.77', { dev: 25, ino: 7, size: 0 })],
    ['another name', { link: '/dev/shm/dolphin-emu.77.lock', stat: { size: SIZE } }],
    ['a name that only ends like it', { link: '/dev/shm/xdolphin-emu.77', stat: { size: SIZE } }],
    ['something that is gone by now', { link: '/dev/shm/dolphin-emu.77 (deleted)' }],
  ])('takes %s for no game', async (_, descriptor) => {
    const proc = new FakeProc({ 77: { comm: 'dolphin-emu', uid: 1000, fd: { 5: descriptor } } });
    expect(await facts(proc)).toEqual(['idle 77 dolphin-emu']);
  });

  it.each(['dolphin-emu', 'dolphin-emu-qt2', 'dolphin-mpn', 'primehack'])(
    'says that %s is open without a game',
    async (comm) => {
      expect(await facts(new FakeProc({ 77: { comm, uid: 1000, fd: {} } }))).toEqual([`idle 77 ${comm}`]);
    },
  );

  it.each(['dolphin', 'dolphin-memory-e', 'dolphin-tool', 'causeway-dolphi', 'bash'])(
    'does not say so of %s, which is something else',
    async (comm) => {
      expect(await facts(new FakeProc({ 77: { comm, uid: 1000, fd: {} } }))).toEqual([]);
    },
  );

  it.each([
    ['to itself', {}],
    ['to others', 'EACCES'],
  ] as const)('says nothing of one that has ended, closed %s, though its name is still there', async (_, fd) => {
    const proc = new FakeProc({ 77: { comm: 'dolphin-emu', uid: 1000, ended: true, fd } });
    expect(await facts(proc)).toEqual([]);
  });

  it('leaves out the wrapper that waits for the real one', async () => {
    const proc = new FakeProc({
      70: { comm: 'dolphin-emu', uid: 1000, fd: {} },
      77: { comm: 'dolphin-emu-x11', uid: 1000, parent: 70, fd: { 5: arena('dolphin-emu.77') } },
    });
    expect(await facts(proc)).toEqual(['arena 77 dolphin-emu-x11']);
  });

  it('does not take what another program is called for one: its file says more than its short name', async () => {
    const proc = new FakeProc({
      77: { comm: 'AppRun', uid: 1000, exe: '/tmp/.mount_x/dolphin-memory-engine', fd: {} },
      78: { comm: 'AppRun', uid: 1000, exe: '/tmp/.mount_y/dolphin-emu', fd: {} },
    });
    expect(await facts(proc)).toEqual(['idle 78 AppRun']);
  });

  it('lists several, and looks at one alone where it is told to', async () => {
    const proc = new FakeProc({
      77: { comm: 'dolphin-emu', uid: 1000, fd: { 5: arena('dolphin-emu.77') } },
      78: { comm: 'dolphin-emu', uid: 1000, fd: { 5: arena('dolphin-emu.78', { dev: 25, ino: 8, size: SIZE }) } },
    });
    expect(await facts(proc)).toEqual(['arena 77 dolphin-emu', 'arena 78 dolphin-emu']);
    expect(await facts(proc, {}, 78)).toEqual(['arena 78 dolphin-emu']);
    expect(await facts(proc, {}, 79)).toEqual([]);
  });

  it('looks only at the process name it is given, cut as the kernel cuts it', async () => {
    const named = (comm: string, pid: number): FakeProcess => ({
      comm,
      uid: 1000,
      fd: { 5: arena(`dolphin-emu.${pid}`) },
    });
    const proc = new FakeProc({
      77: named('dolphin-emu', 77),
      78: named('dolphin-emu-nog', 78),
      79: { ...named('AppRun', 79), exe: '/tmp/.mount_x/primehack' },
    });
    expect(await facts(proc, { processName: 'dolphin-emu-nogui' })).toEqual(['arena 78 dolphin-emu-nog']);
    expect(await facts(proc, { processName: 'primehack' })).toEqual(['arena 79 AppRun']);
    expect(await find(proc, { processName: 'dolphin-wx' })).toEqual({
      found: [],
      blind: {
        message: expect.stringContaining('called dolphin-wx'),
        fix: expect.stringContaining('remove the variable'),
      },
    });
  });

  it('says which user folder and which disc it has', async () => {
    const cmdline = ['dolphin-emu', '-u', '/home/ana/wind', '-e', 'x.iso'];
    const fd = { 5: arena('dolphin-emu.77'), 6: { link: '/games/The Wind Waker.iso' }, 7: { link: '/lib/x.so' } };
    const proc = new FakeProc({ 77: { comm: 'dolphin-emu', uid: 1000, cmdline, fd } });
    expect((await find(proc)).found).toMatchObject([
      { userFolder: '/home/ana/wind', image: 'The Wind Waker', key: '25:7' },
    ]);
  });

  it('gives others their turn, and stops when nobody wants to know any more', async () => {
    const fd = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [n, { link: `/x/${n}` }]));
    const proc = new FakeProc({ 1: { ...shell, fd }, 2: { ...shell, fd }, 3: { ...shell, fd }, 4: { ...shell, fd } });
    const controller = new AbortController();
    const reason = new Error('enough');
    const search = createLinuxSource({ proc }).find({ signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(search).rejects.toBe(reason);
  });
});

describe('what closes a Dolphin to us', () => {
  const passwd = {
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nana:x:1000:1000::/home/ana:/bin/sh\nben:x:1001:1001::/:/bin/sh\n',
  };
  const closed = (process: Partial<FakeProcess>): FakeProcess => ({
    comm: 'dolphin-emu',
    uid: 1000,
    fd: 'EACCES',
    ...process,
  });

  it.each([
    [
      'another user',
      closed({ uid: 1001 }),
      'Dolphin (pid 77) runs as user ben (uid 1001).',
      'Start Dolphin and this program as the same user.',
    ],
    [
      'a user without a name',
      closed({ uid: 4242 }),
      'Dolphin (pid 77) runs as user uid 4242.',
      'Start Dolphin and this program as the same user.',
    ],
    [
      'root',
      closed({ uid: 0, owner: 0 }),
      'Dolphin (pid 77) runs as user root (uid 0).',
      'Start Dolphin and this program as the same user.',
    ],
    [
      'a program file with capabilities',
      closed({ owner: 0 }),
      'Dolphin’s program file has extra capabilities, which locks other programs out of it (pid 77).',
      'Remove them with `setcap -r` on that file (`getcap` shows them) and start Dolphin again, or use another Dolphin build.',
    ],
    [
      'something else',
      closed({}),
      'Dolphin (pid 77) is closed to this program.',
      'Start Dolphin and this program as the same user, neither of them inside a sandbox of its own.',
    ],
  ])('is told: %s', async (_, process, message, fix) => {
    const proc = new FakeProc({ 12: shell, 77: process }, { files: passwd });
    expect((await find(proc)).found).toEqual([{ kind: 'forbidden', pid: 77, process: 'dolphin-emu', message, fix }]);
  });

  it('is nobody’s business where the process is no Dolphin', async () => {
    expect((await find(new FakeProc({ 1: { comm: 'systemd', uid: 0, fd: 'EACCES' } }))).found).toEqual([]);
  });

  it('never asks for more rights than players should give', async () => {
    const users = [0, 1000, 1001];
    const said = await Promise.all(
      users.flatMap((uid) => users.map((owner) => find(new FakeProc({ 77: closed({ uid, owner }) })))),
    );
    expect(JSON.stringify(said)).not.toMatch(/ptrace_scope|sudo|setcap (?!-r)/);
  });

  it.each([
    ['a Flatpak sandbox', { '/.flatpak-info': '' }, {}],
    ['a container', { '/.dockerenv': '' }, {}],
    ['a container', { '/run/.containerenv': '' }, {}],
    ['a Snap sandbox', {}, { SNAP: '/snap/causeway/1' }],
  ])('may be %s of our own', async (what, files, env) => {
    const { found, blind } = await find(new FakeProc({ 12: shell }, { files }), { env });
    expect(found).toEqual([]);
    expect(blind).toEqual({
      message: `No Dolphin runs here; one outside of ${what} could not be seen from inside.`,
      fix: 'Start the game in Dolphin. If it runs already, run this program outside as well.',
    });
  });

  it('is no sandbox where there is none, or where a Dolphin is seen', async () => {
    expect(await find(new FakeProc({ 12: shell }))).toEqual({ found: [] });
    const seen = new FakeProc({ 77: { comm: 'dolphin-emu', uid: 1000, fd: {} } }, { files: { '/.dockerenv': '' } });
    expect((await find(seen)).blind).toBeUndefined();
  });
});

describe('mappings', () => {
  const object = { pid: 77, descriptor: '5', dev: 25, ino: 7, size: SIZE };
  const line = (range: string, offset: string, inode: number, permissions = 'rw-s') =>
    `${range} ${permissions} ${offset} 00:19 ${inode}    ${inode ? '/dev/shm/dolphin-emu.77 (deleted)' : ''}`;
  const withMaps = (...lines: readonly string[]): FakeProc =>
    new FakeProc({ 77: { comm: 'dolphin-emu', uid: 1000, maps: lines.join('\n') } });

  it('tell where the locked cache begins, however often it is mapped', () => {
    const proc = withMaps(
      line('7f0000000000-7f0002000000', '00000000', 7),
      line('7f00e0000000-7f00e0040000', '02000000', 7),
      line('7f10e0000000-7f10e0040000', '02000000', 7),
      line('7f20e0000000-7f20e0040000', '06000000', 8),
      'nonsense',
    );
    expect(lockedCacheAt(proc, object)).toBe(0x0200_0000);
  });

  it('tell nothing where two places look like it, or none', () => {
    const two = [line('7f00e0000000-7f00e0040000', '02000000', 7), line('7f10e0000000-7f10e0040000', '04000000', 7)];
    expect(lockedCacheAt(withMaps(...two), object)).toBeUndefined();
    expect(lockedCacheAt(withMaps(), object)).toBeUndefined();
    expect(lockedCacheAt(new FakeProc({}), object)).toBeUndefined();
  });

  it('tell where audio RAM is, if only one place can be it', () => {
    const ram = line('7f0010000000-7f0011000000', '00000000', 0, 'rw-p');
    const code = line('7f0020000000-7f0021000000', '00000000', 0, 'rwxp');
    const more = line('7f0030000000-7f0032001000', '00000000', 0, 'rw-p');
    expect(findAudioRam(withMaps(ram, code, more), 77)).toBe(0x7f00_1000_0000);
    expect(findAudioRam(withMaps(ram, line('7f0040000000-7f0041000000', '00000000', 0, 'rw-p')), 77)).toBeUndefined();
    expect(findAudioRam(withMaps(code, more), 77)).toBeUndefined();
  });
});
