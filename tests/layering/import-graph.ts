import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';

/** Which package may import which. Everything else between our packages is a wrong arrow. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  bridge: ['protocol'],
  'bizhawk-bridge': ['bridge', 'protocol'],
  'sni-bridge': ['bridge', 'protocol'],
  'dolphin-bridge': ['bridge', 'protocol'],
  testbed: ['bridge', 'protocol'],
};

export interface Import {
  /** Path of the importing file, from the repository root, with forward slashes. */
  readonly file: string;
  readonly specifier: string;
}

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;

/** Every JavaScript or TypeScript file below a folder, build output left out. */
export const sourceFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : sourceFiles(path);
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [path] : [];
  });

export const importsBelow = (root: string, folder: string): Import[] =>
  sourceFiles(join(root, folder)).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(SPECIFIER)].map((match) => ({
      file: relative(root, path).split(sep).join('/'),
      specifier: match[2] ?? '',
    })),
  );

const isTest = (file: string): boolean =>
  /\.(test|bench)\.ts$/.test(file) || /\/(testing|simulation)(\/|\.ts$)/.test(file);

/** What is wrong with one import, or nothing. */
export const complaint = ({ file, specifier }: Import): string | undefined => {
  const home = /^packages\/([^/]+)\//.exec(file)?.[1];
  if (home === undefined) return undefined;
  const target = /^@causeway\/([^/]+)/.exec(specifier)?.[1];
  if (target !== undefined && target !== home && !(ALLOWED[home] ?? []).includes(target)) {
    return `${home} must not import ${target}`;
  }
  if (target === home) return 'a package imports its own files by relative path';
  if (specifier.startsWith('.')) {
    const landing = relative(resolve('/', 'packages', home), resolve('/', file, '..', specifier));
    if (landing.startsWith('..')) return 'a relative import must not leave its package';
  }
  if (home === 'protocol' && !isTest(file) && isBuiltin(specifier)) return 'protocol must run without Node built-ins';
  return undefined;
};
