import { createHash } from 'node:crypto';
import type { DomainInfo, RomIdentity } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { WRAM_SIZE } from '@causeway/protocol/snes';
import { isKnownInfo, parseDeviceName, parseInfo, type Usb2SnesInfo } from '@causeway/protocol/usb2snes';
import { type Cartridge, readCartridge } from './cartridge.js';
import type { GreetedServer } from './greeting.js';
import { ROM_AREA, SRAM_AREA, WRAM_AREA } from './memory-areas.js';
import { type KnownPeer, rulesFor } from './peer-quirks.js';
import { bytesMark, nameMark, noMark, type RomMark } from './rom-mark.js';
import type { Usb2SnesConnection } from './usb2snes-connection.js';

/** A console that was attached to and has shown that a game is there. */
export interface OpenConsole {
  readonly rules: KnownPeer;
  readonly info: Usb2SnesInfo;
  readonly domains: readonly DomainInfo[];
  readonly rom: RomIdentity;
  readonly mark: RomMark;
}

const SYSTEM = 'SNES';
/** What a game that cannot be asked has at most, as long as it has no chip of its own on the cartridge. */
const COMMON_SRAM_SIZE = 0x8000;
/** Title, sizes, version and checksums: what a header has that tells one game from another. */
const MARK_OFFSET = 0x10;
const MARK_SIZE = 0x20;

/**
 * Attaches to a console, finds out what it is and what can be reached of it. Rejects with `device_refused` when the server
 * will not, or when no game is there.
 */
export const attachConsole = async (
  { connection, app }: GreetedServer,
  name: string,
  clientName: string,
  signal: AbortSignal,
): Promise<OpenConsole> => {
  connection.tell('Attach', [name]);
  connection.tell('Name', [clientName]);
  try {
    // Once: it tells whether the attaching worked, and cartridges have been reported to hang when asked again and again.
    const info = parseInfo(await connection.ask('Info', [], signal));
    const rules = rulesFor({ app, device: parseDeviceName(name), info });
    return rules.readsRom ? await knownByHeader(connection, info, rules, signal) : knownByName(info, rules);
  } catch (error) {
    throw explain(error, name);
  }
};

/** The ROM's own header is the proof that a game is there: zeros are what SNI answers for what it cannot read. */
const knownByHeader = async (
  connection: Usb2SnesConnection,
  info: Usb2SnesInfo,
  rules: KnownPeer,
  signal: AbortSignal,
): Promise<OpenConsole> => {
  const cartridge = await readCartridge((address, size) => connection.read([{ address, size }], signal));
  if (!cartridge) throw new CausewayError('device_refused', 'The console shows no game.');
  const { header, headerAddress, headerBytes } = cartridge;
  const hash = createHash('sha1').update(headerBytes).digest('hex');
  const title = header?.title || (isKnownInfo(info) ? info.rom : '');
  return {
    rules,
    info,
    domains: writableBy(rules, domainsOf(cartridge, rules)),
    rom: { system: SYSTEM, hash, ...(title ? { title } : {}) },
    mark: bytesMark(headerAddress + MARK_OFFSET, headerBytes.subarray(MARK_OFFSET, MARK_OFFSET + MARK_SIZE)),
  };
};

/** Without ROM to read there is its name. Such a server closes where it cannot read: what comes is real. */
const knownByName = (info: Usb2SnesInfo, rules: KnownPeer): OpenConsole => ({
  rules,
  info,
  domains: writableBy(rules, [WRAM, { name: 'SRAM', size: COMMON_SRAM_SIZE }]),
  rom: { system: SYSTEM, ...(info.rom ? { title: info.rom } : {}) },
  mark: rules.infoAgain ? nameMark(info) : noMark,
});

const WRAM: DomainInfo = { name: WRAM_AREA.domain, size: WRAM_SIZE };

const writableBy = ({ writes }: KnownPeer, domains: readonly DomainInfo[]): readonly DomainInfo[] =>
  writes ? domains : domains.map((domain) => ({ ...domain, writable: false }));

/** What a ROM without header has besides work RAM cannot be known. */
const domainsOf = ({ header, hasChip }: Cartridge, rules: KnownPeer): readonly DomainInfo[] => {
  const wram = hasChip && !rules.wramBesideChip ? [] : [WRAM];
  if (!header || (header.coprocessor !== undefined && !rules.cartBesideCoprocessor)) return wram;
  const { writesRom, romSize, hiromSram } = rules;
  const sramSize = header.mapping === 'hirom' && !hiromSram ? 0 : header.sramSize;
  const sram: DomainInfo = { name: SRAM_AREA.domain, size: Math.min(sramSize, SRAM_AREA.end - SRAM_AREA.start) };
  const rom: DomainInfo = {
    name: ROM_AREA.domain,
    size: Math.min(header.romSize, romSize),
    ...(writesRom === undefined ? {} : { writable: writesRom }),
  };
  return [...wram, sram, rom].filter(({ size }) => size > 0);
};

/** A server that will not attach closes the socket, at best with words. */
const explain = (error: unknown, name: string): unknown => {
  if (!CausewayError.is(error) || (error.code !== 'device_lost' && error.code !== 'device_refused')) return error;
  return new CausewayError('device_refused', `${name} cannot be used: ${error.message}`, {
    cause: error,
    context: { ...error.context, device: name },
    fix: 'Load a game in the emulator, or start one on the console. For RetroArch use the core bsnes-mercury; then look into the window of SNI or QUsb2Snes whether the device is connected.',
  });
};
