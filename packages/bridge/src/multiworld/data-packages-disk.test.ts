import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GameData } from '@causeway/protocol/archipelago';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CacheFiles, diskFiles } from './cache-files.js';
import { type DiskDataPackages, diskDataPackages } from './data-packages-disk.js';

const CHECKSUM = 'ac9141e9ad0318df2fa27da5f20c50a842afeecb';
const game = (checksum = CHECKSUM): GameData => ({
  checksum,
  item_name_to_id: { Sword: 1, 剣: 2 },
  location_name_to_id: { Cave: 10 },
});

let root: string;
let own: string;
let shared: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'causeway-packages-'));
  own = join(root, 'own');
  shared = join(root, 'shared');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (folder: string, name: string, text: string, file = `${CHECKSUM}.json`): string => {
  mkdirSync(join(folder, 'datapackage', name), { recursive: true });
  const path = join(folder, 'datapackage', name, file);
  writeFileSync(path, text);
  return path;
};

const open = (options: Partial<Parameters<typeof diskDataPackages>[0]> = {}): DiskDataPackages =>
  diskDataPackages({ folder: own, sharedFolder: shared, ...options });

/** Real files, and a record of what was done with them. */
const watched = (): { readonly files: CacheFiles; readonly opened: string[]; looked: number } => {
  const record = { opened: [] as string[], looked: 0 };
  const files: CacheFiles = {
    ...diskFiles,
    size: (path) => {
      record.looked += 1;
      return diskFiles.size(path);
    },
    read: (path, limit) => {
      record.opened.push(path);
      return diskFiles.read(path, limit);
    },
  };
  return Object.assign(record, { files });
};

const logs = () => {
  const lines: string[] = [];
  const note = (level: string) => (event: string) => void lines.push(`${level} ${event}`);
  return { lines, logger: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') } };
};

describe('packages on disk', () => {
  it('outlive the program', async () => {
    const first = open();
    expect(first.missing({ Game: CHECKSUM })).toEqual(['Game']);
    first.save('Game', CHECKSUM, game());
    expect(first.missing({ Game: CHECKSUM })).toEqual([]);
    expect(first.load('Game', CHECKSUM)).toEqual(game());
    await first.idle();
    expect(first.load('Game', CHECKSUM)).toEqual(game());
    expect(open().missing({ Game: CHECKSUM, Other: CHECKSUM })).toEqual(['Other']);
    expect(open().load('Game', CHECKSUM)).toEqual(game());
    expect(readdirSync(join(own, 'datapackage', 'Game'))).toEqual([`${CHECKSUM}.json`]);
  });

  it('carry the announced checksum even where the server left it out', async () => {
    const { checksum: _, ...bare } = game();
    const store = open();
    store.save('Game', CHECKSUM, bare);
    await store.idle();
    expect(open().load('Game', CHECKSUM)).toEqual(game());
  });

  it('are shared with Archipelago, byte-order mark and file names included, and never changed there', async () => {
    const path = put(shared, 'Zelda - A Link', `\ufeff${JSON.stringify(game())}`);
    const store = open();
    expect(store.missing({ 'Zelda: <A> Link?': CHECKSUM, 'Zelda - A Link': CHECKSUM })).toEqual(['Zelda: <A> Link?']);
    put(shared, 'Zelda A Link', `\ufeff${JSON.stringify(game())}`);
    expect(store.missing({ 'Zelda: <A> Link?': CHECKSUM })).toEqual([]);
    expect(store.load('Zelda - A Link', CHECKSUM)).toEqual(game());
    store.save('Zelda - A Link', 'other', game('other'));
    await store.idle();
    expect(readFileSync(path, 'utf8')).toBe(`\ufeff${JSON.stringify(game())}`);
    expect(readdirSync(join(shared, 'datapackage', 'Zelda - A Link'))).toEqual([`${CHECKSUM}.json`]);
  });

  it.each([
    ['no JSON', '{"checksum":'],
    ['another checksum', JSON.stringify(game('other'))],
    ['no checksum', JSON.stringify({ ...game(), checksum: undefined })],
    ['no tables', JSON.stringify({ checksum: CHECKSUM })],
    ['a list', '[]'],
    ['ids that are none', JSON.stringify({ ...game(), item_name_to_id: { Sword: '1' } })],
    ['ids too large', `{"checksum":"${CHECKSUM}","item_name_to_id":{"a":1e300},"location_name_to_id":{}}`],
  ])('are asked for anew when a file holds %s', async (_, text) => {
    put(own, 'Game', text);
    const { lines, logger } = logs();
    const { files, opened } = watched();
    const store = open({ logger, files });
    expect(store.missing({ Game: CHECKSUM })).toEqual([]);
    expect(store.load('Game', CHECKSUM)).toBeUndefined();
    expect(lines).toEqual(['warn multiworld.cached_names_invalid']);
    // Once known to be useless, the file is left alone, and the next login asks the server.
    const reads = opened.length;
    expect(store.load('Game', CHECKSUM)).toBeUndefined();
    expect(store.missing({ Game: CHECKSUM })).toEqual(['Game']);
    expect(opened).toHaveLength(reads);
    store.save('Game', CHECKSUM, game());
    await store.idle();
    expect(open().load('Game', CHECKSUM)).toEqual(game());
  });

  it('fall back to the shared folder when the own file is broken', () => {
    put(own, 'Game', 'null');
    put(shared, 'Game', JSON.stringify(game()));
    expect(open().load('Game', CHECKSUM)).toEqual(game());
  });

  it('are missing where no readable file is: empty, huge, a folder, a loop, a dangling link', () => {
    put(own, 'Empty', '');
    put(own, 'Huge', 'x'.repeat(16 * 1024 * 1024 + 1));
    mkdirSync(join(own, 'datapackage', 'Folder', `${CHECKSUM}.json`), { recursive: true });
    for (const [name, target] of [
      ['Loop', `${CHECKSUM}.json`],
      ['Dangling', 'nowhere'],
    ] as const) {
      mkdirSync(join(own, 'datapackage', name));
      symlinkSync(target, join(own, 'datapackage', name, `${CHECKSUM}.json`));
    }
    symlinkSync('LoopedFolder', join(own, 'datapackage', 'LoopedFolder'));
    const names = ['Empty', 'Huge', 'Folder', 'Loop', 'Dangling', 'LoopedFolder'];
    const store = open();
    expect(store.missing(Object.fromEntries(names.map((name) => [name, CHECKSUM])))).toEqual(names);
    for (const name of names) expect(store.load(name, CHECKSUM)).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('never wait for a pipe', () => {
    mkdirSync(join(own, 'datapackage', 'Pipe'), { recursive: true });
    execFileSync('mkfifo', [join(own, 'datapackage', 'Pipe', `${CHECKSUM}.json`)]);
    expect(open().missing({ Pipe: CHECKSUM })).toEqual(['Pipe']);
    expect(open().load('Pipe', CHECKSUM)).toBeUndefined();
  });

  it.each([
    ['..', CHECKSUM],
    ['.', CHECKSUM],
    ['', CHECKSUM],
    ['<>', CHECKSUM],
    ['NUL', CHECKSUM],
    ['a\u0000b', CHECKSUM],
    ['x'.repeat(201), CHECKSUM],
    ['Game', '../escape'],
    ['Game', '..'],
    ['Game', ''],
    ['Game', 'a:b'],
    ['Game', 'a\nb'],
  ])('of game %j with checksum %j never reach the disk, and are remembered for this run', async (name, checksum) => {
    const store = open();
    store.save(name, checksum, game(checksum));
    await store.idle();
    expect(readdirSync(root)).toEqual([]);
    expect(store.missing({ [name]: checksum })).toEqual([]);
    expect(store.load(name, checksum)).toEqual(game(checksum));
  });

  it('stay in memory, with one warning, when the folder cannot be written', async () => {
    writeFileSync(own, 'a file where the folder should be');
    const { lines, logger } = logs();
    const store = open({ logger });
    store.save('Game', CHECKSUM, game());
    store.save('Other', CHECKSUM, game());
    await store.idle();
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual(['warn multiworld.names_not_kept']);
    expect(store.missing({ Game: CHECKSUM, Other: CHECKSUM })).toEqual([]);
    expect(store.load('Other', CHECKSUM)).toEqual(game());
  });

  it('leave nothing half written when the disk is full, and are written once there is room', async () => {
    let full = true;
    const files: CacheFiles = {
      ...diskFiles,
      write: (path, text) =>
        full ? Promise.reject(new Error('ENOSPC: no space left on device')) : diskFiles.write(path, text),
    };
    const { lines, logger } = logs();
    const store = open({ files, logger });
    store.save('Game', CHECKSUM, game());
    await store.idle();
    expect(lines).toContain('warn multiworld.names_not_kept');
    full = false;
    store.save('Game', CHECKSUM, game());
    await store.idle();
    expect(open().load('Game', CHECKSUM)).toEqual(game());
  });

  it('survive ids no JSON can hold', async () => {
    const store = open();
    const data = { ...game(), item_name_to_id: { Big: (2n ** 70n) as unknown as number } };
    store.save('Game', CHECKSUM, data);
    await store.idle();
    expect(store.load('Game', CHECKSUM)).toBe(data);
  });
});

describe('the folder', () => {
  const age = (path: string, hours: number): void => {
    const then = Date.now() / 1000 - hours * 3600;
    utimesSync(path, then, then);
  };

  it('keeps what was used last within 64 MiB, and drops what a crash left behind', async () => {
    const text = JSON.stringify({ ...game(), filler: 'x'.repeat(12 * 1024 * 1024) });
    const paths = Array.from({ length: 7 }, (_, index) => put(own, `Game ${index}`, text));
    for (const [index, path] of paths.entries()) age(path, 100 + index);
    const half = put(own, 'Half', '{', 'a.json.0123.part');
    age(half, 2);
    put(own, 'Half', '{', 'b.json.4567.part');
    put(own, 'Half', 'mine', 'notes.txt');
    writeFileSync(join(own, 'datapackage', 'notes.txt'), 'mine');
    const outside = put(root, 'Outside', 'x'.repeat(1024));
    age(outside, 1_000);
    symlinkSync(join(root, 'datapackage', 'Outside'), join(own, 'datapackage', 'Linked'));

    const store = open();
    // Its use makes the oldest package the youngest but one.
    store.load('Game 6', CHECKSUM);
    store.save('New', CHECKSUM, game());
    await store.idle();
    expect(readdirSync(join(own, 'datapackage')).sort()).toEqual([
      'Game 0',
      'Game 1',
      'Game 2',
      'Game 3',
      'Game 6',
      'Half',
      'Linked',
      'New',
      'notes.txt',
    ]);
    expect(readdirSync(join(own, 'datapackage', 'Half')).sort()).toEqual(['b.json.4567.part', 'notes.txt']);
    expect(readFileSync(outside, 'utf8')).toHaveLength(1024);
  });

  it('holds 2,000 packages at most', async () => {
    const removed: string[] = [];
    const files: CacheFiles = {
      ...diskFiles,
      list: async () => Array.from({ length: 2_003 }, (_, usedAt) => ({ path: `${usedAt}.json`, bytes: 1, usedAt })),
      remove: async (path) => void removed.push(path),
    };
    const store = open({ files });
    store.save('Game', CHECKSUM, game());
    await store.idle();
    expect(removed.sort()).toEqual(['0.json', '1.json', '2.json']);
  });

  it('of another program is not pruned', async () => {
    let listed = 0;
    const files: CacheFiles = {
      ...diskFiles,
      list: async () => {
        listed += 1;
        return [];
      },
    };
    const store = open({ folder: shared, files });
    store.save('Game', CHECKSUM, game());
    await store.idle();
    expect(listed).toBe(0);
  });
});

describe('looking for packages', () => {
  it('opens none of them', async () => {
    const checksums = Object.fromEntries(Array.from({ length: 77 }, (_, index) => [`Game ${index}`, `c${index}`]));
    const cold = open();
    for (const [name, checksum] of Object.entries(checksums)) cold.save(name, checksum, game(checksum));
    await cold.idle();
    const record = watched();
    const warm = open({ files: record.files });
    expect(warm.missing(checksums)).toEqual([]);
    expect(record.opened).toEqual([]);
    expect(record.looked).toBe(77);
    expect(warm.load('Game 5', 'c5')?.item_name_to_id['Sword']).toBe(1);
    expect(record.opened).toEqual([join(own, 'datapackage', 'Game 5', 'c5.json')]);
  });
});
