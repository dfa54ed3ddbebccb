import type { DeviceListing } from '@causeway/bridge/device';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consoleKey } from './console-key.js';

const keyOf = (uri: string): string | undefined =>
  consoleKey({ uri, driver: 'x', state: 'ready' } satisfies DeviceListing);
const behind = (server: string, name: string): string => `${server}/?device=${encodeURIComponent(name)}`;
const USB = 'usb2snes://127.0.0.1:23074';
const SNI = 'sni://127.0.0.1:8191';

describe('what a console is known by', () => {
  it.each([
    [
      'SNI lists it',
      ['retroarch://127.0.0.1:55355', behind(USB, 'ra://127.0.0.1:55355'), behind(SNI, 'ra://localhost:55355')],
    ],
    ['QUsb2Snes lists it', ['retroarch://localhost:55355', behind(USB, 'RetroArch Localhost')]],
    ['our own server lists it', ['retroarch://127.0.0.1:55356', behind(USB, 'retroarch://127.0.0.1:55356')]],
    [
      'SNI lists an NWA emulator',
      ['nwa://127.0.0.1:48880', behind(USB, 'emunwa://127.0.0.1:48880'), behind(SNI, 'emunwa://[::1]:48880')],
    ],
    [
      'SNI has a cartridge',
      [behind(USB, 'fxpakpro://./COM4'), behind(SNI, 'fxpakpro://./COM4'), behind(USB, 'SD2SNES COM4')],
    ],
    ['Linux names the port', [behind(SNI, 'fxpakpro://./dev/ttyACM0'), behind(USB, 'SD2SNES ttyACM0')]],
    ['a script is connected', [behind(USB, 'luabridge://127.0.0.1:5000'), behind(SNI, 'luabridge://127.0.0.1:5000')]],
    ['SNI runs on another machine', ['retroarch://deck:55355', behind('sni://DECK:8191', 'ra://127.0.0.1:55355')]],
    ['the name is the path', [behind(USB, 'ra://127.0.0.1:1'), `${USB}/${encodeURIComponent('ra://127.0.0.1:1')}`]],
  ])('is the same whichever way one comes: %s', (_when, uris) => {
    const [first, ...others] = uris.map(keyOf);
    expect(first).toBeDefined();
    for (const other of others) expect(other).toBe(first);
  });

  it('tells consoles apart', () => {
    const uris = [
      'retroarch://127.0.0.1:55355',
      'retroarch://127.0.0.1:55356',
      'retroarch://10.0.0.2:55355',
      'nwa://127.0.0.1:48879',
      'nwa://127.0.0.1:48880',
      behind(USB, 'fxpakpro://./COM3'),
      behind(USB, 'fxpakpro://./COM4'),
      behind(USB, 'luabridge://127.0.0.1:5000'),
      behind(USB, 'luabridge://127.0.0.1:5001'),
      behind(USB, 'mock:mock'),
      behind('usb2snes://10.0.0.2:23074', 'fxpakpro://./COM3'),
      // QUsb2Snes's way to consoles of another server, on whatever machine.
      behind(USB, 'SNI-0.0.100 - ra://127.0.0.1:55355'),
      behind(USB, 'SNI-0.0.100 - fxpakpro://./COM3'),
      behind(USB, 'SNI-0.0.100 - emunwa://127.0.0.1:48879'),
      behind(USB, 'RetroArch Steam Deck'),
    ];
    expect(new Set(uris.map(keyOf)).size).toBe(uris.length);
  });

  it('is nothing for a server without a console', () => {
    for (const uri of [USB, SNI, `${SNI}/`]) expect(keyOf(uri)).toBeUndefined();
  });

  it('is something for any name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(keyOf(behind(SNI, name))).toBe(keyOf(behind(USB, name)));
      }),
    );
  });
});
