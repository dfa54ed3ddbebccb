import { type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';
import { CausewayError } from '@causeway/protocol/errors';
import { DOL_HEADER_SIZE, looksLikeDol } from './dol-header.js';

export type ImageKind = 'disc' | 'disc-container' | 'wad' | 'dol' | 'elf' | 'playlist';

const GAMECUBE_DISC = 0xc2339f3d;
const WII_DISC = 0x5d1c9ea3;
const ELF = 0x7f45_4c46;
const ELF_BIG_ENDIAN = 2;
const ELF_POWERPC = 20;
const WAD_HEADER_SIZE = 0x20;
const WAD_TYPES: readonly number[] = [0x4973_0000, 0x6962_0000];

/** First four bytes of the containers that Dolphin unpacks by itself. */
const CONTAINERS: ReadonlySet<number> = new Set([
  0x5256_5a01, // RVZ
  0x5749_4101, // WIA
  0x01c0_0bb1, // GCZ
  0x5742_4653, // WBFS
  0x4349_534f, // CISO
  0xae0f_38a2, // TGC
  0x4547_4753, // NFS
]);

const NOT_AN_IMAGE =
  'Give a game Dolphin runs: a disc image (.iso, .gcm, .rvz, .wia, .gcz, .ciso, .wbfs), a .wad or a program (.dol, .elf).';

/** Tells by content what `head`, the first bytes of a file of `fileSize` bytes, is to Dolphin; `undefined`: nothing. */
export const imageKind = (head: Uint8Array, fileSize: number): ImageKind | undefined => {
  if (head.length < 0x20) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = view.getUint32(0);
  if (CONTAINERS.has(magic)) return 'disc-container';
  if (view.getUint32(0x1c) === GAMECUBE_DISC || view.getUint32(0x18) === WII_DISC) return 'disc';
  if (magic === ELF) return head[5] === ELF_BIG_ENDIAN && view.getUint16(0x12) === ELF_POWERPC ? 'elf' : undefined;
  if (magic === WAD_HEADER_SIZE && WAD_TYPES.includes(view.getUint32(4))) return 'wad';
  return looksLikeDol(head, fileSize) ? 'dol' : undefined;
};

const readHead = async (file: FileHandle): Promise<Uint8Array> => {
  const head = new Uint8Array(DOL_HEADER_SIZE);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return head.subarray(0, bytesRead);
};

/**
 * Makes sure that Dolphin can start this file. Its Qt build answers a missing or wrong file with a message box and then
 * crashes or stays, so that is found out beforehand.
 *
 * Throws `file_unreadable` for a file that is missing, unreadable, a folder or nothing Dolphin runs.
 */
export const checkImage = async (path: string): Promise<ImageKind> => {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    const missing = error.code === 'ENOENT';
    throw new CausewayError('file_unreadable', `The game ${path} ${missing ? 'does not exist' : 'cannot be read'}.`, {
      cause: error,
      context: { path },
    });
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new CausewayError('file_unreadable', `${path} is no file.`, { fix: NOT_AN_IMAGE });
    if (extname(path).toLowerCase() === '.m3u') return 'playlist';
    const kind = imageKind(await readHead(file), facts.size);
    if (kind) return kind;
    throw new CausewayError('file_unreadable', `${path} is no game that Dolphin runs.`, {
      fix: NOT_AN_IMAGE,
      context: { path },
    });
  } finally {
    await file.close();
  }
};
