import { CausewayError, type CausewayErrorOptions, type ErrorCode } from '@causeway/protocol/errors';
import { expect, test } from 'vitest';
import { failureLines } from './failure.js';
import { renderText } from './styled-text.js';

const lines = (code: ErrorCode, options: CausewayErrorOptions = {}) =>
  failureLines(new CausewayError(code, 'It failed.', options), { command: 'causeway-test read' }).map((line) =>
    renderText(line, false),
  );

test('are what, why, and what to do with the code', () => {
  expect(lines('device_busy', { context: { why: 'Because.', other: 1 } })).toEqual([
    '! It failed.',
    '  Because.',
    '  Another client is using this emulator. Close it, or choose another emulator with --device.  error: device_busy',
  ]);
});

test('why is the facts where nobody said it better', () => {
  const rom = { system: 'NES', hash: 'AB' };
  expect(lines('rom_not_recognised', { context: { rom, tries: 2, nothing: undefined } })[1]).toBe(
    '  rom: system NES, hash AB, tries: 2',
  );
});

test('why is the fault below where there are no facts', () => {
  expect(lines('file_unreadable', { cause: new Error('EACCES') })[1]).toBe('  EACCES');
});

test('why is at least where it happened', () => {
  expect(lines('unexpected')[1]).toBe('  It happened in `causeway-test read`.');
});

test('why leaves out places where nothing is', () => {
  const findings = [
    { uri: 'a://1', state: 'absent', detail: 'nothing listens here' },
    { uri: 'a://2', state: 'foreign', detail: 'answers, but not as a connector' },
  ];
  expect(lines('device_not_found', { context: { findings } })[1]).toBe('  a://2 answers, but not as a connector');
  expect(lines('device_not_found', { context: { findings: findings.slice(0, 1) } })[1]).toBe(
    '  Nothing listens there.',
  );
});

test('what to do is the advice of the module that nearly knew the ROM', () => {
  const misses = [{ module: 'm', reason: 'r', fix: 'Patch it with version 2.' }];
  expect(lines('rom_near_miss', { context: { misses } })[2]).toBe('  Patch it with version 2.  error: rom_near_miss');
});
