import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findTornLimits } from '../../packages/bridge/src/session/simulation/torn-limits.js';
import { EMULATOR_CASES, FURTHER_PROOFS } from './emulator-cases.js';
import { renderMatrix, TABLE_PROOFS } from './render-matrix.js';

const root = new URL('../../', import.meta.url);
const page = new URL('docs/fault-matrix.md', root);
const limits = new URL('packages/bridge/src/session/simulation/torn-limits.json', root);
/** `limits` looks for the limits of torn devices anew (minutes); `page` writes the page from what was found. */
const update = process.env['CAUSEWAY_UPDATE'];

describe('fault matrix', () => {
  if (update === 'limits') {
    it('looks for the limits of torn devices anew', { timeout: 1_800_000 }, async () => {
      writeFileSync(limits, `${JSON.stringify(await findTornLimits(400), null, 2)}\n`);
    });
  }

  it('is what the data says', () => {
    const rendered = renderMatrix();
    if (update === 'page') writeFileSync(page, rendered);
    expect(existsSync(page) ? readFileSync(page, 'utf8') : '').toBe(rendered);
  });

  const proofs = [...TABLE_PROOFS, ...[...EMULATOR_CASES, ...FURTHER_PROOFS].map(({ proof }) => proof)];
  it.each([...new Set(proofs.map(({ file, title }) => `${file}\n${title}`))].map((each) => each.split('\n')))(
    'cites a test that exists: %s: %s',
    (file = '', title = '') => {
      const text = readFileSync(fileURLToPath(new URL(file, root)), 'utf8');
      expect(["'", '`'].some((quote) => text.includes(`${quote}${title.replaceAll("'", "\\'")}`))).toBe(true);
    },
  );

  it('has each case once', () => {
    const keys = EMULATOR_CASES.map(({ emulator, model, fault }) => `${emulator}, ${model}, ${fault}`);
    expect(keys).toEqual([...new Set(keys)]);
  });
});
