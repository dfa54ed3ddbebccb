const WORD = /^[ \t\r\n\v\f]*(?:0x)?([0-9a-f]+)/i;

/**
 * The bytes that a `WRITE_CORE_MEMORY` writes, by the text behind its address and the bytes up to the end of the block of memory.
 *
 * RetroArch reads number after number until the text or the block ends, and takes what is no number for a zero without moving on:
 * whatever stands behind the last number, even one space, fills the rest of the block with zeros.
 */
export const writtenBytes = (text: string, room: number): Uint8Array => {
  const bytes: number[] = [];
  let rest = text;
  while (rest.length > 0 && bytes.length < room) {
    const [all = '', digits] = WORD.exec(rest) ?? [];
    if (digits === undefined) return Uint8Array.from([...bytes, ...new Uint8Array(room - bytes.length)]);
    bytes.push(Number.parseInt(digits.slice(-2), 16));
    rest = rest.slice(all.length);
  }
  return Uint8Array.from(bytes);
};
