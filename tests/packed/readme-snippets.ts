import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './published-packages.js';

export interface Snippet {
  /** `examples/launcher/src/play.ts#play`; `undefined` for a block that does not say where it comes from. */
  readonly source: string | undefined;
  readonly text: string;
}

const BLOCK = /(?:<!-- (\S+) -->\n)?```(?:ts|js|typescript|javascript)\n([\s\S]*?)```/g;

/** Code of a page; the line `<!-- FILE#REGION -->` above a block says where it is run. */
export const snippetsOf = (page: string): Snippet[] =>
  [...page.matchAll(BLOCK)].map(([, source, text = '']) => ({ source, text }));

/** Lines between `// #region NAME` and `// #endregion NAME` of a file. */
export const regionOf = (source: string): string => {
  const [file = '', name = ''] = source.split('#');
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const start = lines.indexOf(`// #region ${name}`);
  const end = lines.indexOf(`// #endregion ${name}`);
  if (start === -1 || end < start) throw new Error(`${file} has no region ${name}`);
  return `${lines.slice(start + 1, end).join('\n')}\n`;
};
