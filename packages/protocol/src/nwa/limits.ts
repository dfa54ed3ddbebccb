/**
 * Limits of Emulator NetworkAccess and of the programs that serve it. Source of all: `docs/specs/nwa.md`, sections 1 and 2; the
 * reference server overruns its buffers where a client exceeds what is marked as its limit.
 */

/** First TCP port (0xBEEF); an emulator that finds it taken goes up by one. */
export const NWA_PORT = 48879;

/** How many ports from the first on emulators and clients try. */
export const NWA_PORT_COUNT = 10;

/** Arguments of one command, the memory's name included: one more overruns an array of the reference server. */
export const NWA_MAX_ARGUMENTS = 20;

/** Ranges to put into one command. Nine would fit into the arguments; eight leave room. */
export const NWA_MAX_RANGES = 8;

/** Longest command line of the reference server, line end not counted. */
export const NWA_SERVER_MAX_LINE_BYTES = 2047;

/** Longest command line to send, line end not counted. */
export const NWA_MAX_LINE_BYTES = 1023;

/** Longest range to read in one go. */
export const NWA_MAX_READ_BYTES = 16_384;

/** Longest range to write in one go. */
export const NWA_MAX_WRITE_BYTES = 1024;

/** Largest block of data taken from a peer unless told otherwise, in bytes: the largest memory (16 MiB) fits. */
export const NWA_MAX_BLOCK_BYTES = 16 * 1024 * 1024;

/** Longest text reply taken from a peer unless told otherwise, in bytes. */
export const NWA_MAX_TEXT_BYTES = 256 * 1024;
