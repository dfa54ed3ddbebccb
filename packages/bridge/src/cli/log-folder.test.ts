import { expect, test } from 'vitest';
import { logFolder } from './log-folder.js';

const at = (platform: string, env: Readonly<Record<string, string>> = {}) =>
  logFolder({ platform, env, homeDir: '/home/ana' });

test('is where each system keeps such files', () => {
  expect(at('linux')).toBe('/home/ana/.local/state/causeway/logs');
  expect(at('linux', { XDG_STATE_HOME: '/state' })).toBe('/state/causeway/logs');
  expect(at('linux', { XDG_STATE_HOME: 'relative' })).toBe('/home/ana/.local/state/causeway/logs');
  expect(at('darwin')).toBe('/home/ana/Library/Logs/Causeway');
  expect(at('win32', { LOCALAPPDATA: '/local' })).toBe('/local/Causeway/Logs');
});

test('can be chosen', () => {
  expect(at('linux', { CAUSEWAY_LOG_DIR: '/here', XDG_STATE_HOME: '/state' })).toBe('/here');
});
