import { CausewayError } from '../errors/causeway-error.js';

/** Abilities of the cartridge, by the bits of its own answer. */
export const FEATURE_FLAGS = {
  FEAT_DSPX: 0x01,
  FEAT_ST0010: 0x02,
  FEAT_SRTC: 0x04,
  FEAT_MSU1: 0x08,
  FEAT_213F: 0x10,
  FEAT_CMD_UNLOCK: 0x20,
  FEAT_USB1: 0x40,
  FEAT_DMA1: 0x80,
} as const;

/** What the device cannot do; asking for it all the same closes the socket. The last one is ours: a server that only reads. */
export const LIMIT_FLAGS = ['NO_FILE_CMD', 'NO_CONTROL_CMD', 'NO_ROM_READ', 'NO_ROM_WRITE', 'NO_WRITE'] as const;

export type InfoFlag = keyof typeof FEATURE_FLAGS | (typeof LIMIT_FLAGS)[number];

/** Answer to `Info`. */
export interface Usb2SnesInfo {
  /** Of the cartridge's firmware, or of the emulator. */
  readonly version: string;
  readonly device: string;
  /** Title or path of the ROM, as the server knows it; may be empty. */
  readonly rom: string;
  /** SNI never sends any, so a missing flag proves nothing there. */
  readonly flags: ReadonlySet<string>;
}

/** What SNI answers when it could not ask the device: constants that look like a cartridge. */
export const NO_INFO = 'No Info';

/** The answer as results. */
export const formatInfo = ({ version, device, rom, flags }: Usb2SnesInfo): readonly string[] => [
  version,
  device,
  rom,
  ...flags,
];

/** Reads the answer; what is left out at the end is empty. Throws `protocol_malformed` when nothing is in it. */
export const parseInfo = (results: readonly string[]): Usb2SnesInfo => {
  const [version, device = '', rom = '', ...flags] = results;
  if (version === undefined) throw new CausewayError('protocol_malformed', 'The answer to Info is empty.');
  return { version, device, rom, flags: new Set(flags) };
};

/** Whether the server knew anything when it answered. */
export const isKnownInfo = ({ rom }: Usb2SnesInfo): boolean => rom !== NO_INFO;
