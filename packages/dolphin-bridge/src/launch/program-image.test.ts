import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImage, imageKind } from './program-image.js';
import { dolBytes, IMAGES } from './testing/image-bytes.js';

describe('imageKind', () => {
  it.each(Object.entries(IMAGES))('knows a %s', (_, { kind, head }) => {
    expect(imageKind(head, head.length)).toBe(kind);
  });

  it.each([
    ['an empty file', new Uint8Array(0)],
    ['zeros', new Uint8Array(0x200)],
    ['a program for this machine', IMAGES.ELF.head.map((byte, at) => (at === 5 ? 1 : byte))],
    ['text', Buffer.from('Once upon a time there was a text of some length, and nothing else. '.repeat(8))],
    ['a .dol whose section ends behind the file', dolBytes({ 144: 0x101 })],
    ['a .dol whose section lies in its header', dolBytes({ 0: 0x20 })],
    ['a .dol that loads outside of memory', dolBytes({ 72: 0x1000, 224: 0x1000 })],
    ['a .dol that is entered outside of its code', dolBytes({ 224: 0x8000_4000 })],
  ])('refuses %s', (_, head) => {
    expect(imageKind(head, head.length)).toBeUndefined();
  });

  it('makes an answer of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 0x120 }), fc.nat(), (head, size) => {
        expect([undefined, 'disc', 'disc-container', 'wad', 'dol', 'elf']).toContain(imageKind(head, size));
      }),
    );
  });
});

describe('checkImage', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causeway-image-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('knows a game by its content, whatever it is called', async () => {
    const path = join(folder, 'a game without ending');
    await writeFile(path, IMAGES['GameCube disc'].head);
    expect(await checkImage(path)).toBe('disc');
  });

  it('leaves a list of discs to Dolphin', async () => {
    const path = join(folder, 'game.m3u');
    await writeFile(path, 'disc1.iso\n');
    expect(await checkImage(path)).toBe('playlist');
  });

  it('says what is wrong, before Dolphin would show a box and crash', async () => {
    const path = join(folder, 'notes.iso');
    await writeFile(path, 'notes');
    await expect(checkImage(path)).rejects.toMatchObject({
      code: 'file_unreadable',
      fix: expect.stringContaining('.rvz'),
    });
    await expect(checkImage(folder)).rejects.toMatchObject({ code: 'file_unreadable' });
    const missing = checkImage(join(folder, 'missing.iso'));
    await expect(missing).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('does not exist'),
    });
  });
});
