import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ALLOWED, complaint, importsBelow, sourceFiles } from './import-graph.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('who may import whom', () => {
  it('sees every package', () => {
    const imports = importsBelow(root, 'packages');
    for (const name of Object.keys(ALLOWED)) {
      expect(imports.some(({ file }) => file.startsWith(`packages/${name}/src/`))).toBe(true);
    }
  });

  it('has no wrong arrow', () => {
    const wrong = importsBelow(root, 'packages').flatMap((found) => {
      const reason = complaint(found);
      return reason ? [`${found.file} imports ${found.specifier}: ${reason}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['packages/protocol/src/a.ts', '@causeway/bridge'],
    ['packages/protocol/src/a.ts', 'node:fs'],
    ['packages/protocol/src/a.ts', 'buffer'],
    ['packages/bridge/src/a.ts', '@causeway/bizhawk-bridge'],
    ['packages/testbed/src/a.ts', '@causeway/bizhawk-bridge'],
    ['packages/bridge/src/a.ts', '@causeway/tests'],
    ['packages/bridge/src/deep/a.ts', '../../../protocol/src/errors/index.js'],
    ['packages/bridge/src/a.ts', '@causeway/bridge/device'],
  ])('would refuse %s importing %s', (file, specifier) => {
    expect(complaint({ file, specifier })).toBeTypeOf('string');
  });

  it.each([
    ['packages/bridge/src/a.ts', '@causeway/protocol/errors'],
    ['packages/bridge/src/a.ts', 'node:fs'],
    ['packages/bridge/src/deep/a.ts', '../clock.js'],
    ['packages/protocol/src/a.test.ts', 'node:fs'],
  ])('allows %s importing %s', (file, specifier) => {
    expect(complaint({ file, specifier })).toBeUndefined();
  });

  it('declares in package.json exactly the arrows it allows', () => {
    for (const [name, allowed] of Object.entries(ALLOWED)) {
      const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
      const declared = Object.keys(manifest.dependencies ?? {}).filter((key) => key.startsWith('@causeway/'));
      expect(declared.sort()).toEqual(allowed.map((other) => `@causeway/${other}`).sort());
    }
  });
});

describe('protocol runs in a browser', () => {
  it('uses no global that only Node has', () => {
    const files = sourceFiles(join(root, 'packages/protocol/src')).filter((file) => !file.endsWith('.test.ts'));
    const users = files.filter((file) =>
      /\b(Buffer|process|__dirname|__filename|setImmediate|global)\b(?=[.([])/.test(
        readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
      ),
    );
    expect(users).toEqual([]);
  });
});
