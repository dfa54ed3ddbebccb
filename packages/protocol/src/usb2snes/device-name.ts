/**
 * What is behind a device's name. `fxpakpro` is a real console with an FX Pak Pro or SD2SNES; everything else is an emulator,
 * as far as can be told.
 */
export type DeviceKind = 'fxpakpro' | 'retroarch' | 'nwa' | 'luabridge' | 'mock' | 'other';

export interface DeviceName {
  readonly kind: DeviceKind;
  /** As listed: what `Attach` takes. */
  readonly name: string;
  /** Where the emulator itself listens, when the name says it: `127.0.0.1:55355`. */
  readonly address?: string;
}

const SCHEMES: Readonly<Record<string, DeviceKind>> = {
  fxpakpro: 'fxpakpro',
  ra: 'retroarch',
  retroarch: 'retroarch',
  emunwa: 'nwa',
  nwa: 'nwa',
  luabridge: 'luabridge',
  mock: 'mock',
};

/** First words of QUsb2Snes's names: `SD2SNES COM3`, `RetroArch Localhost`, `EmuNWA …`. */
const FIRST_WORDS: Readonly<Record<string, DeviceKind>> = {
  sd2snes: 'fxpakpro',
  retroarch: 'retroarch',
  emunwa: 'nwa',
};

const lookUp = (table: Readonly<Record<string, DeviceKind>>, word: string | undefined): DeviceKind | undefined =>
  word !== undefined && Object.hasOwn(table, word.toLowerCase()) ? table[word.toLowerCase()] : undefined;

/** The host is what a machine's own programs have in it; brackets around IPv6. */
const ADDRESS = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+):([0-9]{1,5})\/?$/i;

const addressIn = (rest: string): string | undefined => {
  const [, host, port] = ADDRESS.exec(rest) ?? [];
  return host !== undefined && port !== undefined ? `${host}:${port}` : undefined;
};

/** Reads a name out of a `DeviceList`: a URI from SNI and from us, words from QUsb2Snes. */
export const parseDeviceName = (name: string): DeviceName => {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(?:\/\/)?(.*)$/is.exec(name) ?? [];
  const byScheme = lookUp(SCHEMES, scheme);
  if (byScheme !== undefined) {
    // A script's own port is another one each time it connects: no place to find it by.
    const address = byScheme === 'luabridge' ? undefined : addressIn(rest);
    return address === undefined ? { kind: byScheme, name } : { kind: byScheme, name, address };
  }
  // QUsb2Snes puts its version and a dash in front of what another server lists. The address is the other machine's.
  const [, remote] = /^\S.* - (\S.*)$/s.exec(name) ?? [];
  if (remote !== undefined) return { kind: parseDeviceName(remote).kind, name };
  const [word] = name.split(' ', 1);
  return { kind: lookUp(FIRST_WORDS, word) ?? 'other', name };
};
