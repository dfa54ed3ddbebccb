import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { root } from './published-packages.js';

const STATIC_IMPORT = /(?:\bfrom\s*|^import\s*)["']([^"'\n]+)["']/gm;
const ANY_IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|^import\s*|\brequire\s*\(\s*)["']([^"'\n]+)["']/gm;

export interface LoadedChunks {
  /** Paths of the chunks, from the repository root. */
  readonly chunks: readonly string[];
  /** Source files whose code is in them, from the repository root. */
  readonly sources: ReadonlySet<string>;
  /** Every package or built-in they name, also those imported later or only perhaps. */
  readonly specifiers: ReadonlySet<string>;
  /** Those that are loaded at once. */
  readonly needed: ReadonlySet<string>;
}

const fromRoot = (path: string): string => relative(root, path).split(sep).join('/');

/** What Node loads when this built file is imported, and what is in it. */
export const loadedWith = (entry: string): LoadedChunks => {
  const waiting = [join(root, entry)];
  const chunks = new Set<string>();
  const sources = new Set<string>();
  const specifiers = new Set<string>();
  const needed = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (chunks.has(path)) continue;
    if (!existsSync(path)) throw new Error(`${fromRoot(path)} is missing: npm run build`);
    chunks.add(path);
    const folder = dirname(path);
    const text = readFileSync(path, 'utf8');
    const map = JSON.parse(readFileSync(`${path}.map`, 'utf8')) as { readonly sources: readonly string[] };
    for (const source of map.sources) sources.add(fromRoot(join(folder, source)));
    for (const [, specifier = ''] of text.matchAll(ANY_IMPORT))
      if (!specifier.startsWith('.')) specifiers.add(specifier);
    for (const [, specifier = ''] of text.matchAll(STATIC_IMPORT)) {
      if (specifier.startsWith('.')) waiting.push(join(folder, specifier));
      else needed.add(specifier);
    }
  }
  return { chunks: [...chunks].map(fromRoot), sources, specifiers, needed };
};
