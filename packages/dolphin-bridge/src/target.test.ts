import { expect, it } from 'vitest';
import { parseTarget, uriOf } from './target.js';

it.each([
  [undefined, { kind: 'any' }],
  ['dolphin://pid/1234', { kind: 'pid', pid: 1234 }],
  ['dolphin://game/GZLE99', { kind: 'game', id: 'GZLE99' }],
  ['dolphin://game/gzle99', { kind: 'game', id: 'GZLE99' }],
  [
    'dolphin://socket/run/user/1000/gdb',
    { kind: 'debugger', endpoint: { kind: 'socket', path: '/run/user/1000/gdb' } },
  ],
  ['dolphin://tcp/127.0.0.1:2159', { kind: 'debugger', endpoint: { kind: 'tcp', host: '127.0.0.1', port: 2159 } }],
])('reads %s', (text, target) => {
  expect(parseTarget(text)).toEqual(target);
});

it.each([
  '',
  'dolphin',
  '1234',
  'dolphin://',
  'dolphin://pid/',
  'dolphin://pid/0',
  'dolphin://pid/-1',
  'dolphin://pid/12x',
  'dolphin://pid/12345678901',
  'dolphin://game/GZLE',
  'dolphin://game/GZLE999',
  'dolphin://game/GZLE9?',
  'dolphin://1234',
  'bizhawk://127.0.0.1:43055',
  'dolphin://tcp/example.org:2159',
])('refuses "%s"', (text) => {
  expect(() => parseTarget(text)).toThrowError(expect.objectContaining({ code: 'usage' }));
});

it('names what it found', () => {
  expect(parseTarget(uriOf({ pid: 77 }))).toEqual({ kind: 'pid', pid: 77 });
  expect(uriOf({ pid: 0, uri: 'dolphin://socket/x' })).toBe('dolphin://socket/x');
});
