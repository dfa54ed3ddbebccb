import { join } from 'node:path';

/** Left out of the names of games, as by every client that shares the folder (`archipelago.md` §7). */
const FORBIDDEN = new Set('<>:"/\\|?*');
/** Device names Windows keeps for itself, with any ending. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** Well below what every file system takes, in bytes, with room for an ending. */
const MAX_BYTES = 200;

const isControl = (character: string): boolean => character < ' ' || character === '\u007f';

/** Whether a server may choose this as the name of a file of ours. */
const isSafe = (name: string): boolean =>
  name !== '' &&
  !/^\.+$/.test(name) &&
  !RESERVED.test(name) &&
  Buffer.byteLength(name) <= MAX_BYTES &&
  ![...name].some((character) => FORBIDDEN.has(character) || isControl(character));

/**
 * Where a package lies below a cache folder; `undefined` for a game or checksum that cannot name a file, which is then
 * never kept.
 */
export const packagePath = (folder: string, game: string, checksum: string): string | undefined => {
  const name = [...game].filter((character) => !FORBIDDEN.has(character)).join('');
  if (!isSafe(name) || !isSafe(checksum)) return undefined;
  return join(folder, 'datapackage', name, `${checksum}.json`);
};
