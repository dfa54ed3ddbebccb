/** A DOL holds up to 7 code and 11 data sections; its header lists their file offsets, then addresses, then sizes. */
const SECTIONS = 18;
const ADDRESSES_AT = 0x48;
const SIZES_AT = 0x90;
const HEADER_SIZE = 0x100;

/**
 * Where in a DOL file the bytes for a stretch of guest memory stand.
 *
 * @param address guest address, 0x80000000 and up
 * @returns the file offset; `undefined` when no section holds all of it, or `program` is no DOL
 */
export const fileOffsetOf = (program: Uint8Array, address: number, size: number): number | undefined => {
  if (program.length < HEADER_SIZE) return undefined;
  const header = new DataView(program.buffer, program.byteOffset, HEADER_SIZE);
  for (let section = 0; section < SECTIONS; section++) {
    const start = header.getUint32(ADDRESSES_AT + 4 * section);
    const length = header.getUint32(SIZES_AT + 4 * section);
    if (address < start || address + size > start + length) continue;
    const offset = header.getUint32(4 * section) + address - start;
    return offset + size <= program.length ? offset : undefined;
  }
  return undefined;
};
