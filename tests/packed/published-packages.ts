import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface PublishedPackage {
  readonly name: string;
  /** Folder in the repository. */
  readonly folder: string;
  /** What users import, in their words: `@causeway/bridge/device`. Data files are left out. */
  readonly entries: readonly string[];
  readonly bins: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly publishConfig: { readonly exports: Readonly<Record<string, unknown>> };
}

/** Every package that goes to the registry. */
export const publishedPackages = (): PublishedPackage[] =>
  readdirSync(join(root, 'packages')).flatMap((directory) => {
    const folder = join(root, 'packages', directory);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    if (manifest.private) return [];
    const entries = Object.entries(manifest.publishConfig.exports)
      .filter(([, target]) => typeof target === 'object')
      .map(([path]) => manifest.name + path.slice(1));
    return [{ name: manifest.name, folder, entries, bins: manifest.bin ?? {} }];
  });
