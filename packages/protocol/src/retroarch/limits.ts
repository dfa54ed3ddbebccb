/** UDP port RetroArch listens on unless its `network_cmd_port` says otherwise. */
export const RETROARCH_PORT = 55_355;

/**
 * Most bytes of one read. RetroArch itself answers up to 21,827, but replies are text of three bytes per byte, and replies that
 * do not fit the socket's receive buffer are lost without a trace (measured, `docs/specs/retroarch.md` section 3).
 */
export const MAX_READ = 2048;
/**
 * Most bytes of one write. RetroArch cuts a command after 2,047 bytes, and a cut write makes it write zeros to the end of the
 * memory block (measured): 674 bytes were the most that fitted.
 */
export const MAX_WRITE = 512;
/** Highest address of a command; the widest bus any core shows has 32 bits. */
export const MAX_ADDRESS = 0xffff_ffff;
/** The longest datagram RetroArch takes whole, bytes. */
export const MAX_COMMAND = 2047;
/** Oldest version whose memory commands can be relied on. */
export const OLDEST_VERSION = '1.10.3';
