import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedPackages } from './published-packages.js';
import { regionOf, snippetsOf } from './readme-snippets.js';

const LINK = /\]\((?!https?:|#)([^)#\s]+)(?:#[^)\s]*)?\)/g;

describe.each(publishedPackages())('README of $name', ({ name, folder, entries }) => {
  const path = join(folder, 'README.md');
  const page = readFileSync(path, 'utf8');

  it('is short enough to be read', () => {
    expect(page.startsWith(`# ${name}\n`)).toBe(true);
    expect(page.split('\n').length).toBeLessThanOrEqual(160);
  });

  it('shows code that is compiled and run', () => {
    const snippets = snippetsOf(page);
    expect(snippets.length).toBeGreaterThan(0);
    for (const { source, text } of snippets) {
      expect(source, `a block that names no example:\n${text}`).toMatch(/^examples\/[^/]+\/src\/.+\.ts#/);
      expect(text, source).toBe(regionOf(source ?? ''));
    }
  });

  it('lists every entry point', () => {
    for (const entry of entries) expect(page).toContain(`| \`${entry}\` |`);
  });

  it('links to what exists', () => {
    const links = [...page.matchAll(LINK)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(join(dirname(path), link)))).toEqual([]);
  });
});
