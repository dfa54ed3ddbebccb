/**
 * Numbers of the usb2snes protocol. What a server takes and what it gets right are two things; the sizes here are those that
 * every known server gets right (`docs/specs/usb2snes.md`).
 */

/** TCP port of SNI and QUsb2Snes. */
export const USB2SNES_PORT = 23074;
/** TCP port of servers before both moved; web servers and chat programs hold it as often. */
export const USB2SNES_LEGACY_PORT = 8080;

/** Longest range read, in bytes: SNI in front of RetroArch answers a longer one with the right length and wrong bytes. */
export const MAX_READ_SIZE = 2048;
/** Longest range written, in bytes: SNI takes what one read of its socket brings and fills the rest with zeros. */
export const MAX_WRITE_SIZE = 512;
/** Longest range written to work RAM of a real console, in bytes: the cartridge's hook has 478, old servers less. */
export const MAX_HARDWARE_WRAM_WRITE_SIZE = 256;
/** Longest range where several are asked for at once, in bytes: QUsb2Snes closes the socket on a longer one. */
export const MAX_SMALL_RANGE_SIZE = 0xff;
/** How many small ranges one command of the cartridge takes. */
export const MAX_SMALL_RANGES = 8;

/** Highest address of the FX Pak Pro's view of the console. */
export const MAX_ADDRESS = 0xff_ffff;
/** From here on only a real console has what the map promises; emulators show work RAM instead. */
export const FIRST_HARDWARE_ADDRESS = 0xf7_0000;

/** Longest JSON message taken, in characters. A request for 512 ranges has 12 KiB. */
export const MAX_TEXT_LENGTH = 64 * 1024;
/** Most ranges in one request, and half the most operands. */
export const MAX_RANGES = 512;
/** Most strings in one answer: a folder of a full card. */
export const MAX_RESULTS = 8192;
