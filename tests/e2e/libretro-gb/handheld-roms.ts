/**
 * Tiny programs for the Game Boy and the Game Boy Advance, put together by hand: they show who they are in work RAM and count.
 * Own work, without the manufacturer's logo.
 */

/** At the beginning of work RAM once the program runs. */
export const SIGNATURE = 'CAUSEWAY HANDHLD';
/** Offset in work RAM of what is counted, little-endian: frames on a Game Boy (16 bits), rounds on an Advance (32 bits). */
export const COUNTER = 0x10;
/** What the programs put at the beginning of cartridge RAM, and of the Game Boy's high RAM or the Advance's inner work RAM. */
export const MARK = 0x5a;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const GAME_BOY_CODE = [
  [0xf3], // di
  [0x31, 0xfe, 0xff], // ld sp,$FFFE
  [0x3e, 0x91, 0xe0, 0x40], // ld a,$91 / ldh ($40),a: screen on, or there would be no frames
  [0x3e, 0x0a, 0xea, 0x00, 0x00], // ld a,$0A / ld ($0000),a: cartridge RAM on
  [0x21, 0x00, 0x02], // ld hl,$0200: the signature
  [0x11, 0x00, 0xc0], // ld de,$C000
  [0x06, SIGNATURE.length], // ld b,16
  [0x2a, 0x12, 0x13, 0x05, 0x20, 0xfa], // copy: ld a,(hl+) / ld (de),a / inc de / dec b / jr nz,copy
  [0x3e, MARK, 0xea, 0x00, 0xa0], // ld a,MARK / ld ($A000),a
  [0xe0, 0x80], // ldh ($80),a
  [0xaf, 0xea, 0x10, 0xc0, 0xea, 0x11, 0xc0], // xor a / ld ($C010),a / ld ($C011),a
  [0xf0, 0x0f, 0xe6, 0x01, 0x28, 0xfa], // frame: ldh a,($0F) / and 1 / jr z,frame
  [0xaf, 0xe0, 0x0f], // xor a / ldh ($0F),a
  [0x21, 0x10, 0xc0, 0x34, 0x20, 0xf1], // ld hl,$C010 / inc (hl) / jr nz,frame
  [0x23, 0x34, 0x18, 0xed], // inc hl / inc (hl) / jr frame
].flat();

/** mGBA loads no file without known bytes here; these are of a maker that used no logo but its own. */
const MAKER = { at: 0x104, bytes: [0x7c, 0xe7, 0xc0, 0x00] } as const;
const GAME_BOY_START = 0x0400;

/** 32 KiB with a battery and 8 KiB of RAM. */
export const gameBoyRom = (): Uint8Array => {
  const rom = new Uint8Array(0x8000);
  rom.set([0x00, 0xc3, 0x00, 0x04], 0x100); // nop / jp $0400
  rom.set(MAKER.bytes, MAKER.at);
  rom.set(ascii('CAUSEWAY'), 0x134);
  rom.set([0x03, 0x00, 0x02], 0x147); // MBC1 with RAM and battery, 32 KiB, 8 KiB
  rom[0x14d] = rom.subarray(0x134, 0x14d).reduce((sum, byte) => (sum - byte - 1) & 0xff, 0);
  rom.set(GAME_BOY_CODE, GAME_BOY_START);
  rom.set(ascii(SIGNATURE), 0x200);
  return rom;
};

const ADVANCE_CODE = [
  0xe3a0_0402, // mov r0,#$02000000
  0xe3a0_1403, // mov r1,#$03000000
  0xe28f_2030, // add r2,pc,#$30: the signature at $100
  0xe8b2_0078, // ldmia r2!,{r3-r6}
  0xe8a0_0078, // stmia r0!,{r3-r6}
  0xe3a0_3000 + MARK, // mov r3,#MARK
  0xe5c1_3000, // strb r3,[r1]
  0xe3a0_440e, // mov r4,#$0E000000
  0xe5c4_3000, // strb r3,[r4]
  0xe3a0_3000, // mov r3,#0
  0xe283_3001, // count: add r3,r3,#1
  0xe580_3000, // str r3,[r0]
  0xeaff_fffc, // b count
];

/** 64 KiB. */
export const advanceRom = (): Uint8Array => {
  const rom = new Uint8Array(0x1_0000);
  const view = new DataView(rom.buffer);
  view.setUint32(0, 0xea00_002e, true); // b $C0
  rom.set(ascii('CAUSEWAY    CSWE01'), 0xa0);
  rom[0xb2] = 0x96;
  rom[0xbd] = rom.subarray(0xa0, 0xbd).reduce((sum, byte) => (sum - byte) & 0xff, 0x100 - 0x19);
  for (const [index, word] of ADVANCE_CODE.entries()) view.setUint32(0xc0 + 4 * index, word, true);
  rom.set(ascii(SIGNATURE), 0x100);
  return rom;
};
