import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES, ERRORS } from '@causeway/protocol/errors';
import { describe, expect, test } from 'vitest';

/** Codes and exit codes are surface that scripts rely on: this list is written by hand and never taken from the source. */
const PINNED = {
  device_not_found: 3,
  device_ambiguous: 3,
  device_busy: 3,
  device_refused: 3,
  device_foreign: 3,
  device_incompatible: 5,
  device_forbidden: 3,
  device_lost: 3,
  device_closed: 3,
  device_timeout: 3,
  device_unsupported: 5,
  batch_outcome_unknown: 3,
  batch_step_failed: 1,
  batch_too_large: 2,
  domain_unknown: 2,
  address_out_of_range: 2,
  address_unmapped: 2,
  domain_read_only: 2,
  protocol_line_too_long: 1,
  protocol_malformed: 1,
  protocol_unexpected: 1,
  rom_not_recognised: 5,
  rom_near_miss: 5,
  game_ambiguous: 5,
  game_module_failed: 1,
  module_invalid: 2,
  save_mismatch: 1,
  server_unreachable: 4,
  server_timeout: 4,
  server_lost: 4,
  server_malformed: 4,
  server_address_invalid: 2,
  server_refused: 4,
  server_refused_slot: 4,
  server_refused_game: 4,
  server_refused_password: 4,
  server_refused_version: 4,
  server_refused_items: 4,
  server_invalid_packet: 4,
  server_seed_mismatch: 4,
  room_invalid: 2,
  slot_unknown: 2,
  port_in_use: 1,
  file_unreadable: 2,
  file_unwritable: 1,
  emulator_failed: 1,
  usage: 2,
  interrupted: 130,
  unexpected: 1,
};

const page = readFileSync(fileURLToPath(new URL('../../docs/errors.md', import.meta.url)), 'utf8');
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section): [string, string] => [section.slice(0, section.indexOf('\n')), section.split(/^## /m)[0] ?? '']),
);

test('the codes and their exit codes are those that were promised', () => {
  expect(Object.fromEntries(ERROR_CODES.map((code) => [code, ERRORS[code].exit]))).toEqual(PINNED);
});

describe('docs/errors.md', () => {
  test('has one heading per code, in the order of the catalogue', () => {
    expect([...sections.keys()]).toEqual(ERROR_CODES);
  });

  test.each(ERROR_CODES)('%s is described as it is', (code) => {
    const { exit, fatal, fix } = ERRORS[code];
    const lines = (sections.get(code) ?? '').split('\n').filter((line) => line !== '');
    expect(lines[1]).toBe(`Exit code ${exit}, ${fatal ? 'fatal' : 'not fatal'}.`);
    expect(lines[2]?.length).toBeGreaterThan(20);
    expect(lines[3]).toBe(`**What to do:** ${fix}`);
    expect(lines).toHaveLength(4);
  });
});
