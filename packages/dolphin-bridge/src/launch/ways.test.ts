import { expect, it } from 'vitest';
import { wantsGdb, waysFor } from './ways.js';

it('chooses what needs nothing of the player first', () => {
  expect(waysFor('linux').map(({ way }) => way)).toEqual(['view', 'descriptor', 'gdb']);
  expect(waysFor('win32').map(({ way }) => way)).toEqual(['section', 'process']);
  expect(waysFor('darwin').map(({ way }) => way)).toEqual(['gdb', 'mach']);
  expect(waysFor('freebsd').map(({ way }) => way)).toEqual(['gdb']);
});

it('adds a debugger to a player’s game only where there is nothing better', () => {
  expect(['linux', 'win32', 'darwin', 'freebsd'].map((platform) => wantsGdb(platform as NodeJS.Platform))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

it('claims nothing to have run where it has not', () => {
  for (const platform of ['darwin', 'freebsd'] as const) {
    for (const { evidence } of waysFor(platform)) expect(evidence).toBe('not-run');
  }
  for (const { evidence } of waysFor('win32')) expect(evidence).toBe('ran-under-wine');
});
