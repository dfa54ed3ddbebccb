import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDeviceName } from './device-name.js';

describe('device names', () => {
  test.each([
    ['fxpakpro://./COM4', 'fxpakpro', undefined],
    ['fxpakpro://./dev/ttyACM0', 'fxpakpro', undefined],
    ['ra://127.0.0.1:55355', 'retroarch', '127.0.0.1:55355'],
    ['retroarch://[::1]:55355', 'retroarch', '[::1]:55355'],
    ['emunwa://127.0.0.1:48879', 'nwa', '127.0.0.1:48879'],
    ['luabridge://127.0.0.1:50123', 'luabridge', undefined],
    ['mock:mock', 'mock', undefined],
    ['SD2SNES COM3', 'fxpakpro', undefined],
    ['RetroArch Localhost', 'retroarch', undefined],
    ['EmuNWA Snes9x', 'nwa', undefined],
    ['SNI-0.0.100 - fxpakpro://./COM4', 'fxpakpro', undefined],
    ['Causeway-1.0.0 (serves like SNI) - retroarch://127.0.0.1:55355', 'retroarch', undefined],
    [' - ', 'other', undefined],
    ['bizhawk://127.0.0.1:43055', 'other', undefined],
    ['constructor x', 'other', undefined],
    ['', 'other', undefined],
  ])('%s', (name, kind, address) => {
    expect(parseDeviceName(name)).toEqual(address === undefined ? { kind, name } : { kind, name, address });
  });

  test('any text is some name', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(parseDeviceName(name).name).toBe(name);
      }),
    );
  });
});
