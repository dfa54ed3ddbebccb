/** Sections of a `.dol` file: 7 of code, 11 of data. */
const SECTIONS = 18;
const OFFSETS_AT = 0x00;
const ADDRESSES_AT = 0x48;
const SIZES_AT = 0x90;
const ENTRY_AT = 0xe0;
/** Bytes of the header; sections lie behind it. */
export const DOL_HEADER_SIZE = 0x100;

const inCachedMemory = (address: number): boolean => address >= 0x8000_0000 && address < 0xa000_0000;

/**
 * Whether these are the first bytes of a `.dol` program of `fileSize` bytes. The format has no magic number; what it has is a
 * table of sections, which must lie inside the file and load into the console's memory, and an entry point inside one of them.
 */
export const looksLikeDol = (head: Uint8Array, fileSize: number): boolean => {
  if (head.length < DOL_HEADER_SIZE) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const entry = view.getUint32(ENTRY_AT);
  let entered = false;
  for (let index = 0; index < SECTIONS; index++) {
    const size = view.getUint32(SIZES_AT + 4 * index);
    if (size === 0) continue;
    const offset = view.getUint32(OFFSETS_AT + 4 * index);
    const address = view.getUint32(ADDRESSES_AT + 4 * index);
    if (offset < DOL_HEADER_SIZE || offset + size > fileSize || !inCachedMemory(address)) return false;
    entered ||= entry >= address && entry < address + size;
  }
  return entered;
};
