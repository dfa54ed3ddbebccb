import { crc32 } from 'node:zlib';
import { Field } from '@causeway/protocol/sni';
import type { ServedAs } from './console-options.js';
import { RETROARCH_CORE, RETROARCH_VERSION } from './retroarch-commands.js';
import type { SnesConsole } from './snes-console.js';

type Values = Partial<Record<Field, string>>;

const retroarch = ({ cartridge, paused }: SnesConsole): Values => ({
  [Field.DeviceName]: 'RetroArch',
  [Field.DeviceVersion]: RETROARCH_VERSION,
  [Field.DeviceStatus]: cartridge ? (paused ? 'PAUSED' : 'PLAYING') : 'CONTENTLESS',
  ...(cartridge
    ? {
        [Field.CoreName]: RETROARCH_CORE,
        // SNI takes the name up to the first space or comma.
        [Field.RomFileName]: cartridge.name.split(/[ ,]/, 1)[0] ?? '',
        [Field.RomHashType]: 'crc32',
        [Field.RomHashValue]: crc32(cartridge.rom).toString(16),
      }
    : {}),
});

/** SNI gives some of them only to those who ask for another one, too. */
const nwa = ({ cartridge, paused }: SnesConsole, asked: readonly Field[]): Values => ({
  ...(asked.includes(Field.DeviceVersion) ? { [Field.DeviceName]: 'causeway-testbed' } : {}),
  [Field.DeviceVersion]: '1',
  [Field.DeviceStatus]: cartridge ? (paused ? 'paused' : 'running') : 'no_game',
  ...(asked.includes(Field.CorePlatform)
    ? { [Field.CoreName]: 'causeway-testbed', [Field.CoreVersion]: '1', [Field.CorePlatform]: 'SNES' }
    : {}),
  ...(cartridge ? { [Field.RomFileName]: `${cartridge.name}.sfc` } : {}),
});

/** What SNI knows of an emulator; empty for what it does not. */
export const fieldOf = (field: Field, asked: readonly Field[], as: ServedAs, console: SnesConsole): string =>
  (as === 'retroarch' ? retroarch(console) : nwa(console, asked))[field] ?? '';
