export interface HeaderFields {
  readonly title?: string;
  readonly mode?: number;
  readonly type?: number;
  /** Sizes as powers of two in KiB. */
  readonly rom?: number;
  readonly ram?: number;
}

/** Writes a header into ROM, as the cartridges of real games have it. */
export const putHeader = (
  memory: Uint8Array,
  offset: number,
  { title = 'TESTGAME', mode = 0x20, type = 0x02, rom = 0x09, ram = 0x03 }: HeaderFields = {},
): void => {
  const header = new Uint8Array(0x50).fill(0xff);
  header.set(new TextEncoder().encode(title.padEnd(21)), 0x10);
  header.set([mode, type, rom, ram, 0x01, 0x33, 0x00, 0x34, 0x12, 0xcb, 0xed], 0x25);
  for (let vector = 0x30; vector < 0x50; vector += 2) header.set([0x00, 0x80], vector);
  memory.set(header, offset);
};
