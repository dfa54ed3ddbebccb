import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { loadedWith } from './built-chunks.js';
import { root } from './published-packages.js';

const PROTOCOL = ['connector', 'archipelago', 'errors'].map((name) => `packages/protocol/dist/${name}/index`);

/** Loads a CommonJS file where only JavaScript itself and what every browser has is there, and nothing of Node's. */
const loadInBrowserWords = (path: string): Record<string, unknown> => {
  const require = createRequire(path);
  const module = { exports: {} as Record<string, unknown> };
  const load = (specifier: string): unknown => {
    const target = require.resolve(specifier);
    if (isBuiltin(target)) throw new Error(`${path} needs ${specifier}`);
    return require(target);
  };
  const context = createContext({ module, exports: module.exports, require: load, TextDecoder, TextEncoder, URL });
  new Script(readFileSync(path, 'utf8'), { filename: path }).runInContext(context);
  return module.exports;
};

describe('what protocol is built to', () => {
  it.each(PROTOCOL)('%s names no Node built-in', (entry) => {
    for (const file of [`${entry}.js`, `${entry}.cjs`]) {
      const { specifiers, sources } = loadedWith(file);
      expect(sources.size).toBeGreaterThan(0);
      expect([...specifiers].filter((specifier) => isBuiltin(specifier))).toEqual([]);
    }
  });

  it.each(PROTOCOL)('%s loads where there is no Node', (entry) => {
    expect(Object.keys(loadInBrowserWords(join(root, `${entry}.cjs`))).length).toBeGreaterThan(3);
  });

  it('works there', () => {
    const path = join(root, 'packages/protocol/dist/connector/index.cjs');
    const { encodeBase64, decodeBase64 } = loadInBrowserWords(path) as {
      encodeBase64: (bytes: Uint8Array) => string;
      decodeBase64: (text: string) => Uint8Array;
    };
    expect(encodeBase64(Uint8Array.of(0, 255, 16))).toBe('AP8Q');
    expect([...decodeBase64('AP8Q')]).toEqual([0, 255, 16]);
  });
});

describe('what an import drags in', () => {
  const inCli = (file: string) => [...loadedWith(file).sources].filter((source) => source.includes('/src/cli/'));

  it.each(['index', 'device/index', 'game/index', 'multiworld/index', 'session/index'])(
    'bridge %s: none of the command line',
    (entry) => {
      for (const extension of ['js', 'cjs']) expect(inCli(`packages/bridge/dist/${entry}.${extension}`)).toEqual([]);
    },
  );

  it('would see the command line where it is', () => {
    expect(inCli('packages/bridge/dist/cli/index.js').length).toBeGreaterThan(5);
  });

  it('bridge device and game: none of the engine', () => {
    for (const entry of ['device', 'game']) {
      const { sources } = loadedWith(`packages/bridge/dist/${entry}/index.js`);
      expect([...sources].filter((source) => /\/src\/(session|multiworld|cli)\//.test(source))).toEqual([]);
    }
  });

  it('bizhawk-bridge: not the command', () => {
    const { specifiers } = loadedWith('packages/bizhawk-bridge/dist/index.js');
    expect(specifiers).not.toContain('@causeway/bridge/cli');
  });

  it('the command: neither packets nor sockets before a verb wants them', () => {
    for (const entry of ['bizhawk-bridge/dist/main.js', 'bridge/dist/cli/index.js']) {
      const { needed } = loadedWith(`packages/${entry}`);
      expect(
        [...needed].filter((name) => /^(zod|ws|@causeway\/protocol\/(archipelago|connector))$/.test(name)),
      ).toEqual([]);
    }
  });

  it('testbed game: neither emulator nor server', () => {
    const { sources } = loadedWith('packages/testbed/dist/game/index.js');
    expect([...sources].filter((source) => /\/src\/(emulator|server)\//.test(source))).toEqual([]);
  });
});
