/** TCP port of SNI's gRPC services. Source: `docs/specs/sni.md`, section 1. */
export const SNI_PORT = 8191;

/** Largest message SNI takes or sends, in bytes (section 2). */
export const SNI_MAX_MESSAGE_BYTES = 100 * 1024 * 1024;

/**
 * Longest range to ask SNI for, in bytes. With RetroArch behind it, the content of a longer one is wrong although its
 * length is right (section 6).
 */
export const SNI_MAX_READ_BYTES = 2048;

/** Longest range to write. With RetroArch behind it, more would zero the rest of work RAM (section 6). */
export const SNI_MAX_WRITE_BYTES = 512;

/** Longest write to work RAM of a cartridge: old versions of SNI crashed the console above this times two (section 6). */
export const SNI_MAX_CARTRIDGE_WRITE_BYTES = 256;

/** Shortest deadline to give a call, in milliseconds: SNI closes the device for all its clients when one runs out (section 5). */
export const SNI_MIN_DEADLINE_MS = 1_000;

/** A ROM header as SNI's mapping detection takes and gives it, in bytes: from xxFFB0 up to the end of the bank. */
export const SNI_ROM_HEADER_BYTES = 0x50;
