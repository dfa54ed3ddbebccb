import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheFolders } from './cache-folders.js';
import { keptOnDisk } from './kept-on-disk.js';
import { machineUuid } from './machine-uuid.js';

let root: string;
let folders: { folder: string; sharedFolder: string };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'causeway-uuid-'));
  folders = { folder: join(root, 'own'), sharedFolder: join(root, 'shared') };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (folder: string, text: string): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'common.json'), text);
};
const UUID = /^[0-9a-f-]{36}$/;

test('is made once', () => {
  const made = machineUuid(folders);
  expect(made).toMatch(UUID);
  expect(machineUuid(folders)).toBe(made);
  expect(readdirSync(folders.folder)).toEqual(['common.json']);
  expect(readdirSync(root)).toEqual(['own']);
});

test('is that of Archipelago where it has one, even later', () => {
  const made = machineUuid(folders);
  put(folders.sharedFolder, '\ufeff{"uuid":"theirs","other":1}');
  expect(machineUuid(folders)).toBe('theirs');
  rmSync(folders.sharedFolder, { recursive: true });
  expect(machineUuid(folders)).toBe(made);
});

test.each(['', '{', '[]', 'null', '{"uuid":5}', '{"uuid":""}', `{"uuid":"${'x'.repeat(201)}"}`])(
  'is made anew where the file holds %j, in our folder only',
  (text) => {
    put(folders.folder, text);
    put(folders.sharedFolder, text);
    const made = machineUuid(folders);
    expect(made).toMatch(UUID);
    expect(machineUuid(folders)).toBe(made);
    expect(readFileSync(join(folders.sharedFolder, 'common.json'), 'utf8')).toBe(text);
    expect(readdirSync(folders.folder)).toEqual(['common.json']);
  },
);

test('is another one for each run where nothing can be written', () => {
  writeFileSync(folders.folder, 'a file where the folder should be');
  const warned: string[] = [];
  const ignore = (): void => {};
  const logger = { debug: ignore, info: ignore, error: ignore, warn: (event: string) => void warned.push(event) };
  expect(machineUuid(folders, logger)).toMatch(UUID);
  expect(warned).toEqual(['multiworld.uuid_not_kept']);
  rmSync(folders.folder);
  mkdirSync(join(folders.folder, 'common.json'), { recursive: true });
  expect(machineUuid(folders, logger)).toMatch(UUID);
  expect(readdirSync(folders.folder)).toEqual(['common.json']);
  chmodSync(folders.folder, 0o700);
});

test('comes with the packages from the folder chosen for both', async () => {
  const machine = { env: { CAUSEWAY_CACHE_DIR: root }, platform: 'linux', homeDir: '/nowhere' };
  const { dataPackages, uuid } = keptOnDisk(undefined, machine);
  expect(keptOnDisk(undefined, machine).uuid).toBe(uuid);
  expect(dataPackages.missing({ Game: 'abc' })).toEqual(['Game']);
  mkdirSync(join(root, 'datapackage', 'Game'), { recursive: true });
  writeFileSync(join(root, 'datapackage', 'Game', 'abc.json'), '{}');
  expect(dataPackages.missing({ Game: 'abc' })).toEqual([]);
});

test('and packages lie where each system keeps caches', () => {
  const at = (platform: string, env: Readonly<Record<string, string>> = {}) =>
    cacheFolders({ platform, env, homeDir: '/home/ana' });
  expect(at('linux')).toEqual({
    folder: '/home/ana/.cache/causeway',
    sharedFolder: '/home/ana/.cache/Archipelago',
  });
  expect(at('linux', { XDG_CACHE_HOME: '/c' })).toEqual({ folder: '/c/causeway', sharedFolder: '/c/Archipelago' });
  expect(at('linux', { XDG_CACHE_HOME: 'c' })).toEqual(at('linux'));
  expect(at('darwin')).toEqual({
    folder: '/home/ana/Library/Caches/Causeway',
    sharedFolder: '/home/ana/Library/Caches/Archipelago',
  });
  expect(at('win32', { LOCALAPPDATA: '/local' })).toEqual({
    folder: '/local/Causeway/Cache',
    sharedFolder: '/local/Archipelago/Cache',
  });
  expect(at('win32').folder).toBe('/home/ana/AppData/Local/Causeway/Cache');
  // Chosen by hand, it is the only one looked at.
  expect(at('darwin', { CAUSEWAY_CACHE_DIR: '/here' })).toEqual({ folder: '/here' });
});
