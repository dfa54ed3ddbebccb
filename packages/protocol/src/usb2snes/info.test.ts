import { describe, expect, test } from 'vitest';
import { formatInfo, isKnownInfo, parseInfo } from './info.js';

describe('Info', () => {
  test('is three strings and flags', () => {
    const info = parseInfo(['1.14.0', 'RetroArch Localhost', 'game', 'NO_ROM_READ', 'NO_ROM_WRITE']);
    expect(info).toEqual({
      version: '1.14.0',
      device: 'RetroArch Localhost',
      rom: 'game',
      flags: new Set(['NO_ROM_READ', 'NO_ROM_WRITE']),
    });
    expect(formatInfo(info)).toEqual(['1.14.0', 'RetroArch Localhost', 'game', 'NO_ROM_READ', 'NO_ROM_WRITE']);
  });

  test("SNI's constants are no information", () => {
    expect(isKnownInfo(parseInfo(['1.9.0-usb-v9', 'SD2SNES', 'No Info']))).toBe(false);
    expect(isKnownInfo(parseInfo(['1.14.0', 'bsnes', 'game']))).toBe(true);
  });

  test('may end early, but not before it began', () => {
    expect(parseInfo(['1.0'])).toMatchObject({ version: '1.0', device: '', rom: '' });
    expect(() => parseInfo([])).toThrow(expect.objectContaining({ code: 'protocol_malformed' }));
  });
});
