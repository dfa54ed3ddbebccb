import { describe, expect, it } from 'vitest';
import { parseTarget } from './target.js';

describe('parseTarget', () => {
  it.each([
    [undefined, { kind: 'any' }],
    ['bizhawk://127.0.0.1:43055', { kind: 'bizhawk', host: '127.0.0.1', port: 43_055 }],
    ['bizhawk://localhost', { kind: 'bizhawk', host: 'localhost' }],
    ['bizhawk://[::1]:43056/', { kind: 'bizhawk', host: '::1', port: 43_056 }],
    ['comm://127.0.0.1:9999', { kind: 'comm', host: '127.0.0.1', port: 9999 }],
  ])('reads %s', (text, target) => {
    expect(parseTarget(text)).toEqual(target);
  });

  it.each([
    '',
    '43055',
    'bizhawk:',
    'bizhawk://',
    'bizhawk://127.0.0.1:0',
    'bizhawk://127.0.0.1:99999',
    'bizhawk://user@127.0.0.1:43055',
    'bizhawk://127.0.0.1:43055/path',
    'bizhawk://127.0.0.1:43055?x',
    'comm://127.0.0.1',
    'http://127.0.0.1:43055',
  ])('refuses %j', (text) => {
    expect(() => parseTarget(text)).toThrowError(expect.objectContaining({ code: 'usage' }));
  });

  it('takes calls on loopback only', () => {
    for (const host of ['localhost', '127.0.0.2', '[::1]']) expect(parseTarget(`comm://${host}:1`).kind).toBe('comm');
    for (const host of ['0.0.0.0', '192.168.1.2', 'example.org', '[::]', '127.example.org']) {
      expect(() => parseTarget(`comm://${host}:1`)).toThrowError(expect.objectContaining({ code: 'usage' }));
    }
  });
});
