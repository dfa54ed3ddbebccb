import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseUsb2SnesUri, usb2SnesUri } from './target.js';

test.each([
  ['usb2snes://127.0.0.1', { host: '127.0.0.1', port: 23074 }],
  ['usb2snes://127.0.0.1:8080/', { host: '127.0.0.1', port: 8080 }],
  ['usb2snes://[::1]:23074', { host: '::1', port: 23074 }],
  ['usb2snes://my-pc/?device=SD2SNES%20COM3', { host: 'my-pc', port: 23074, device: 'SD2SNES COM3' }],
  ['usb2snes://my-pc?device=SD2SNES%20COM3', { host: 'my-pc', port: 23074, device: 'SD2SNES COM3' }],
  ['usb2snes://h/ra://127.0.0.1:55355', { host: 'h', port: 23074, device: 'ra://127.0.0.1:55355' }],
  ['usb2snes://h/fxpakpro://./dev/ttyACM0', { host: 'h', port: 23074, device: 'fxpakpro://./dev/ttyACM0' }],
  ['usb2snes://h/?device=', { host: 'h', port: 23074 }],
])('%s', (uri, target) => {
  expect(parseUsb2SnesUri(uri)).toEqual(target);
});

test('what is made is read again, whatever the name', () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(
      fc.constantFrom('127.0.0.1', '::1', 'my-pc'),
      fc.integer({ min: 1, max: 65_535 }),
      name,
      (host, port, device) => {
        expect(parseUsb2SnesUri(usb2SnesUri({ host, port, device }))).toEqual({ host, port, device });
        expect(parseUsb2SnesUri(usb2SnesUri({ host, port }))).toEqual({ host, port });
      },
    ),
  );
});

test('anything is a target or a usage error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `usb2snes://${text}`),
      ),
      (uri) => {
        try {
          expect(parseUsb2SnesUri(uri).port).toBeLessThan(65_536);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
        }
      },
    ),
  );
});
