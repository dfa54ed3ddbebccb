const PRG_BYTES = 0x4000;
const BASE = 0xc000;
const RESET = 0xc000;
const NMI = 0xc080;

// Counts its starts in battery RAM, paints the backdrop, then waits for interrupts.
const ON_RESET = [
  0x78, // SEI
  0xd8, // CLD
  ...[0xa2, 0xff, 0x9a], // LDX #$FF  TXS
  ...[0xee, 0x00, 0x60], // INC $6000
  ...[0xa9, 0x3f, 0x8d, 0x06, 0x20], // LDA #$3F  STA $2006
  ...[0xa9, 0x00, 0x8d, 0x06, 0x20], // LDA #$00  STA $2006
  ...[0xa9, 0x16, 0x8d, 0x07, 0x20], // LDA #$16  STA $2007: red
  ...[0xa9, 0x0a, 0x8d, 0x01, 0x20], // LDA #$0A  STA $2001: picture on
  ...[0xa9, 0x80, 0x8d, 0x00, 0x20], // LDA #$80  STA $2000: interrupts on
];

// Counts frames at $10 and puts button A at $12.
const ON_NMI = [
  ...[0xe6, 0x10], // INC $10
  ...[0xa9, 0x01, 0x8d, 0x16, 0x40], // LDA #1  STA $4016
  0x4a, // LSR A
  ...[0x8d, 0x16, 0x40], // STA $4016
  ...[0xad, 0x16, 0x40], // LDA $4016
  ...[0x29, 0x01, 0x85, 0x12], // AND #1  STA $12
  0x40, // RTI
];

/** Facts about {@link tinyRom} for tests. */
export const TINY = { nmiAddress: NMI, frameCounter: 0x10, buttonA: 0x12, startsInWram: 0 } as const;

/** A hand-assembled NES program with battery RAM and character RAM; `prg` bytes from $D000 are 0, 1, 2, … 255 repeated. */
export const tinyRom = (options: { battery?: boolean; title?: string } = {}): Uint8Array => {
  const image = new Uint8Array(16 + PRG_BYTES);
  image.set([0x4e, 0x45, 0x53, 0x1a, 1, 0, (options.battery ?? true) ? 2 : 0]);
  const prg = image.subarray(16);
  for (let offset = 0x1000; offset < 0x2000; offset++) prg[offset] = offset & 0xff;
  const forever = RESET + ON_RESET.length;
  prg.set([...ON_RESET, 0x4c, forever & 0xff, forever >> 8], RESET - BASE);
  prg.set(ON_NMI, NMI - BASE);
  prg.set(new TextEncoder().encode(options.title ?? 'TINY'), 0x2000);
  prg.set([NMI & 0xff, NMI >> 8, RESET & 0xff, RESET >> 8, RESET & 0xff, RESET >> 8], PRG_BYTES - 6);
  return image;
};
