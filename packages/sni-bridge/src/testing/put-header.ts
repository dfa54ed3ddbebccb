/** Puts a header there that looks like one. */
export const putHeader = (
  memory: Uint8Array,
  offset: number,
  { title = 'TESTGAME', mode = 0x20, type = 2, rom = 9, ram = 3 } = {},
): void => {
  const header = new Uint8Array(0x50);
  header.set(new TextEncoder().encode(title.padEnd(21)), 0x10);
  header.set([mode, type, rom, ram, 1], 0x25);
  header.set([0x34, 0x12, 0xcb, 0xed], 0x2c);
  for (let vector = 0x34; vector < 0x50; vector += 2) header[vector + 1] = 0x80;
  memory.set(header, offset);
};
