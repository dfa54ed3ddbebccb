import {
  type AppVersion,
  type DeviceName,
  MAX_HARDWARE_WRAM_WRITE_SIZE,
  MAX_READ_SIZE,
  MAX_SMALL_RANGE_SIZE,
  MAX_SMALL_RANGES,
  MAX_WRITE_SIZE,
  type Usb2SnesInfo,
} from '@causeway/protocol/usb2snes';
import { RETROARCH_ROM_SIZE, ROM_AREA } from './memory-areas.js';

/** Who answers: a server, and a console behind it. */
export interface Peer {
  readonly app: AppVersion;
  readonly device: DeviceName;
  readonly info: Usb2SnesInfo;
}

/** How to talk to a peer so that it does right. Sizes in bytes. */
export interface PeerRules {
  /** Longest range read. */
  readonly readSize: number;
  /** Most ranges in one request. */
  readonly rangesPerRequest: number;
  /** Longest range where a request has several. */
  readonly sharedRangeSize: number;
  readonly writeSize: number;
  readonly wramWriteSize: number;
  /** Whether ROM can be read at all; asking all the same throws every client out. */
  readonly readsRom: boolean;
  /** Whether anything can be written at all. */
  readonly writes: boolean;
  /** `undefined`: not known. */
  readonly writesRom: boolean | undefined;
  /** Whether `Info` may be asked again and again. */
  readonly infoAgain: boolean;
  /** Whether work RAM can be reached when the cartridge has a chip of its own. */
  readonly wramBesideChip: boolean;
  /** Whether ROM and save RAM can be reached when a coprocessor shares them. */
  readonly cartBesideCoprocessor: boolean;
  /** Most of a ROM that can be seen, whatever its header says. */
  readonly romSize: number;
  /** Whether save RAM of HiROM games is where the peer looks for it. */
  readonly hiromSram: boolean;
}

interface Quirk {
  /** What is the matter, as it stands in the log. */
  readonly name: string;
  readonly applies: (peer: Peer) => boolean;
  readonly rules: Partial<PeerRules>;
}

/** What every known server gets right (`docs/specs/usb2snes.md`, section 4). */
const COMMON: PeerRules = {
  readSize: MAX_READ_SIZE,
  rangesPerRequest: 1,
  sharedRangeSize: MAX_READ_SIZE,
  writeSize: MAX_WRITE_SIZE,
  wramWriteSize: MAX_WRITE_SIZE,
  readsRom: true,
  writes: true,
  writesRom: undefined,
  infoAgain: false,
  wramBesideChip: true,
  cartBesideCoprocessor: true,
  romSize: ROM_AREA.end - ROM_AREA.start,
  hiromSram: true,
};

const isHardware = ({ device }: Peer): boolean => device.kind === 'fxpakpro';

/** QUsb2Snes puts the version of another server before the name of a console that it reaches through that. */
const isThroughSni = ({ app, device }: Peer): boolean => app.kind === 'sni' || /^SNI-/i.test(device.name);

/** Later rows win. */
const QUIRKS: readonly Quirk[] = [
  {
    name: 'RetroArch writes no ROM, shows its first 4 MiB, and of coprocessor games only work RAM',
    applies: ({ device }) => device.kind === 'retroarch',
    rules: { writesRom: false, cartBesideCoprocessor: false, romSize: RETROARCH_ROM_SIZE },
  },
  {
    name: 'SNI looks for save RAM of HiROM games where RetroArch has none, and answers zeros',
    applies: (peer) => peer.device.kind === 'retroarch' && isThroughSni(peer),
    rules: { hiromSram: false },
  },
  {
    name: 'work RAM of a real console is written by a routine with little room, and not there beside a coprocessor',
    applies: isHardware,
    rules: { wramWriteSize: MAX_HARDWARE_WRAM_WRITE_SIZE, wramBesideChip: false },
  },
  {
    name: 'QUsb2Snes takes eight small ranges in one command of the cartridge',
    applies: (peer) => peer.app.kind === 'qusb2snes' && isHardware(peer),
    rules: { rangesPerRequest: MAX_SMALL_RANGES, sharedRangeSize: MAX_SMALL_RANGE_SIZE },
  },
  {
    name: 'our own server carries out all ranges of one request together',
    applies: ({ app }) => app.kind === 'causeway',
    rules: { rangesPerRequest: 64 },
  },
  {
    name: 'the server only reads',
    applies: ({ info }) => info.flags.has('NO_WRITE'),
    rules: { writes: false, writesRom: false },
  },
  {
    name: 'the device writes no ROM',
    applies: ({ info }) => info.flags.has('NO_ROM_WRITE'),
    rules: { writesRom: false },
  },
  {
    name: 'the device reads no ROM; QUsb2Snes would close the socket of every client that is attached',
    applies: ({ info }) => info.flags.has('NO_ROM_READ'),
    rules: { readsRom: false },
  },
  {
    // Asking cartridges again has been reported to hang their USB side.
    name: 'emulators may be asked for Info again',
    applies: (peer) => (peer.app.kind === 'qusb2snes' || peer.app.kind === 'causeway') && !isHardware(peer),
    rules: { infoAgain: true },
  },
];

export interface KnownPeer extends PeerRules {
  /** Names of the quirks that were found, for the log. */
  readonly quirks: readonly string[];
}

/** The rules for a peer, and why they are so. */
export const rulesFor = (peer: Peer): KnownPeer => {
  const found = QUIRKS.filter(({ applies }) => applies(peer));
  const rules: PeerRules = Object.assign({}, COMMON, ...found.map(({ rules }) => rules));
  return { ...rules, quirks: found.map(({ name }) => name) };
};
