import { LIMIT_FLAGS, NO_INFO } from '@causeway/protocol/usb2snes';
import type { ServedAs, Usb2SnesPersonality } from './console-options.js';
import { RETROARCH_VERSION } from './retroarch-commands.js';
import type { ServedConsole } from './served-console.js';

/** What differs between the two servers everybody has. */
export interface Personality {
  readonly kind: Usb2SnesPersonality;
  readonly appVersion: string;
  deviceName(as: ServedAs, served: ServedConsole): string;
  /** Answer to `Info`; nothing where the server closes instead. */
  info(as: ServedAs, served: ServedConsole): readonly string[] | undefined;
}

const SCHEME = { retroarch: 'ra', nwa: 'emunwa' } as const;
const PRODUCT = { retroarch: 'RetroArch', nwa: 'EmuNWA' } as const;

const describe = (as: ServedAs, { console }: ServedConsole): readonly string[] => [
  as === 'retroarch' ? RETROARCH_VERSION : '1',
  PRODUCT[as],
  console.cartridge?.name ?? '',
];

const sni: Personality = {
  kind: 'sni',
  appVersion: 'SNI-v0.0.100',
  deviceName: (as, served) => `${SCHEME[as]}://${served.address(as)}`,
  // It answers something in any case, and it looks like a cartridge.
  info: (as, served) => (served.present ? describe(as, served) : ['1.9.0-usb-v9', 'SD2SNES', NO_INFO]),
};

const noWrite = 'NO_WRITE' satisfies (typeof LIMIT_FLAGS)[number];

const qusb2snes: Personality = {
  kind: 'qusb2snes',
  appVersion: 'QUsb2Snes-0.7.35',
  deviceName: (as) => (as === 'retroarch' ? 'RetroArch Localhost' : 'EmuNWA Localhost'),
  info: (as, served) => {
    if (!served.present) return undefined;
    const flags = LIMIT_FLAGS.filter((flag) => flag !== noWrite && !(flag === 'NO_ROM_READ' && canReadRom(as, served)));
    return [...describe(as, served), ...flags];
  },
};

/** QUsb2Snes does not read LoROM through RetroArch. */
export const canReadRom = (as: ServedAs, { console }: ServedConsole): boolean =>
  as === 'nwa' || console.cartridge?.header?.mapping !== 'lorom';

export const PERSONALITIES: Readonly<Record<Usb2SnesPersonality, Personality>> = { sni, qusb2snes };
