/** First bytes of the files Dolphin starts, made by hand. */
const bytes = (size: number, words: Readonly<Record<number, number>>): Uint8Array => {
  const made = new Uint8Array(size);
  const view = new DataView(made.buffer);
  for (const [at, value] of Object.entries(words)) view.setUint32(Number(at), value);
  return made;
};

/** One section of code, loaded to the usual place and entered at its beginning. */
export const dolBytes = (change: Readonly<Record<number, number>> = {}): Uint8Array =>
  bytes(0x200, { 0: 0x100, 72: 0x8000_3100, 144: 0x100, 224: 0x8000_3100, ...change });

export const IMAGES = {
  'GameCube disc': { kind: 'disc', head: bytes(0x440, { 0: 0x475a_4c45, 28: 0xc233_9f3d }) },
  'Wii disc': { kind: 'disc', head: bytes(0x440, { 0: 0x5253_5045, 24: 0x5d1c_9ea3 }) },
  RVZ: { kind: 'disc-container', head: bytes(0x40, { 0: 0x5256_5a01 }) },
  WIA: { kind: 'disc-container', head: bytes(0x40, { 0: 0x5749_4101 }) },
  GCZ: { kind: 'disc-container', head: bytes(0x40, { 0: 0x01c0_0bb1 }) },
  WBFS: { kind: 'disc-container', head: bytes(0x40, { 0: 0x5742_4653 }) },
  CISO: { kind: 'disc-container', head: bytes(0x40, { 0: 0x4349_534f }) },
  WAD: { kind: 'wad', head: bytes(0x40, { 0: 0x20, 4: 0x4973_0000 }) },
  ELF: { kind: 'elf', head: bytes(0x40, { 0: 0x7f45_4c46, 4: 0x0102_0100, 16: 0x0002_0014 }) },
  DOL: { kind: 'dol', head: dolBytes() },
} as const;
