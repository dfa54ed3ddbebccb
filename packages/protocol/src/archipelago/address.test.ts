import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CausewayError } from '../errors/causeway-error.js';
import { isPrivateHost, parseServerAddress, schemesOf, socketUrl } from './address.js';

describe('parseServerAddress', () => {
  it.each([
    ['archipelago.gg:38281', { host: 'archipelago.gg', port: 38281, path: '/' }],
    [' localhost ', { host: 'localhost', port: 38281, path: '/' }],
    ['[::1]:5000', { host: '::1', port: 5000, path: '/' }],
    ['::1', { host: '::1', port: 38281, path: '/' }],
    ['ws://h:1/a?b=c', { host: 'h', port: 1, scheme: 'ws', path: '/a?b=c' }],
    ['WSS://h', { host: 'h', port: 38281, scheme: 'wss', path: '/' }],
    [
      'archipelago://Ana:None@h:2/?game=APQuest&room=abc',
      { host: 'h', port: 2, name: 'Ana', path: '/', game: 'APQuest', room: 'abc' },
    ],
    [
      'archipelago://Zo%C3%AB%20%E2%98%82:p%40ss%3A%2F@h:2',
      { host: 'h', port: 2, name: 'Zoë ☂', password: 'p@ss:/', path: '/' },
    ],
    ['archipelago://100%:x@h', { host: 'h', port: 38281, name: '100%', password: 'x', path: '/' }],
    ['Ana:pw@h:3', { host: 'h', port: 3, name: 'Ana', password: 'pw', path: '/' }],
  ])('reads %s', (text, expected) => {
    expect(parseServerAddress(text)).toEqual(expected);
  });

  it.each([
    '',
    ':1',
    'h:0',
    'h:65536',
    'h:x',
    'h:1:2',
    'http://h',
    '[::1',
    '[zz]:1',
    'a b:1',
    'archipelago://n:secret/x@h',
  ])('refuses %j without repeating it', (text) => {
    expect(() => parseServerAddress(text)).toThrow(expect.objectContaining({ code: 'server_address_invalid' }));
    expect(() => parseServerAddress(text)).not.toThrow(/secret/);
  });

  it('reads or refuses any text, and never shows a password in a URL', () => {
    void fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'ab:/@[]?#%.1') })), (text) => {
        try {
          const address = parseServerAddress(text);
          expect(address.port).toBeGreaterThan(0);
          for (const scheme of schemesOf(address)) expect(socketUrl(address, scheme)).not.toContain('@');
        } catch (error) {
          if (!CausewayError.is(error)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('takes back name and password that were percent-encoded', () => {
    void fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        (name, password) => {
          fc.pre(password !== 'None');
          const text = `archipelago://${encodeURIComponent(name)}:${encodeURIComponent(password)}@h:1/`;
          expect(parseServerAddress(text)).toMatchObject({ name, password });
        },
      ),
    );
  });
});

describe('schemesOf', () => {
  it('tries plain first at home and TLS first elsewhere', () => {
    expect(schemesOf(parseServerAddress('192.168.1.5:1'))).toEqual(['ws', 'wss']);
    expect(schemesOf(parseServerAddress('archipelago.gg'))).toEqual(['wss', 'ws']);
    expect(schemesOf(parseServerAddress('archipelago.gg'), 'ws')).toEqual(['ws', 'wss']);
    expect(schemesOf(parseServerAddress('wss://localhost'), 'ws')).toEqual(['wss']);
  });

  it.each([
    'localhost',
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.9.9',
    '192.168.0.1',
    '169.254.1.1',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    'nas',
    'nas.local',
  ])('%s is home', (host) => expect(isPrivateHost(host)).toBe(true));

  it.each(['archipelago.gg', '172.32.0.1', '11.0.0.1', '8.8.8.8', '2001:db8::1', '10.example.com', 'local.example'])(
    '%s is elsewhere',
    (host) => expect(isPrivateHost(host)).toBe(false),
  );
});
