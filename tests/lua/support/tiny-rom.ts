import { writeFile } from 'node:fs/promises';

const PRG_BYTES = 16_384;
const CHR_BYTES = 8_192;
const START = 0xc000;

/** sei, cld, ldx #$ff, txs; then for ever: inc $10, and inc $11 whenever $10 wraps. */
const PROGRAM = [0x78, 0xd8, 0xa2, 0xff, 0x9a, 0xe6, 0x10, 0xd0, 0x02, 0xe6, 0x11, 0x4c, 0x05, 0xc0];

/** Text at $0100 of PRG ROM. */
export const TINY_TITLE = 'TINY RIG';

/** A complete NES image (NROM with battery RAM) whose program counts in $10 and $11, written to `path`. */
export const writeTinyRom = async (path: string): Promise<void> => {
  const prg = Buffer.alloc(PRG_BYTES, 0xea);
  Buffer.from(PROGRAM).copy(prg);
  prg.write(TINY_TITLE, 0x100, 'ascii');
  for (const vector of [0x3ffa, 0x3ffc, 0x3ffe]) prg.writeUInt16LE(START, vector);
  const header = Buffer.from([0x4e, 0x45, 0x53, 0x1a, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  await writeFile(path, Buffer.concat([header, prg, Buffer.alloc(CHR_BYTES, 0x5a)]));
};
