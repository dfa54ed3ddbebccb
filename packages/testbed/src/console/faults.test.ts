import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CONSOLE_FAULTS, FaultSwitches, isConsoleFault } from './faults.js';

describe('the faults', () => {
  it('are all in the documentation, in the same words', () => {
    const page = readFileSync(fileURLToPath(new URL('../../../../docs/virtual-snes.md', import.meta.url)), 'utf8');
    for (const [name, words] of Object.entries(CONSOLE_FAULTS)) expect(page).toContain(`| \`${name}\` | ${words} |`);
  });

  it('strike as often as they say, the same for the same seed, and never while they are off', () => {
    const count = (switches: FaultSwitches): number =>
      Array.from({ length: 10_000 }, () => switches.strikes('retroarch-loss', 20)).filter(Boolean).length;
    const strikes = count(new FaultSwitches(['retroarch-loss'], 5));
    expect(strikes).toBeGreaterThan(400);
    expect(strikes).toBeLessThan(600);
    expect(count(new FaultSwitches(['retroarch-loss'], 5))).toBe(strikes);
    expect(count(new FaultSwitches([], 5))).toBe(0);
  });

  it('are known by name, and by nothing else', () => {
    expect(isConsoleFault('nwa-short-reads')).toBe(true);
    for (const name of ['', 'toString', 'none']) expect(isConsoleFault(name)).toBe(false);
  });
});
