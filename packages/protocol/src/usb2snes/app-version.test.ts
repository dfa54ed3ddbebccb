import { describe, expect, test } from 'vitest';
import { parseAppVersion } from './app-version.js';

describe('AppVersion', () => {
  test.each([
    ['SNI-0.0.100', 'sni', '0.0.100'],
    ['QUsb2Snes-0.7.35', 'qusb2snes', '0.7.35'],
    ['7.42.0', 'qusb2snes', '7.42.0'],
    ['Causeway-1.2.3 (like SNI)', 'causeway', '1.2.3 (like SNI)'],
    ['1.9.0', 'other', ''],
    ['', 'other', ''],
  ])('%s', (text, kind, version) => {
    expect(parseAppVersion(text)).toEqual({ kind, version, text });
  });
});
