import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');

/** The compiler's own binary is an optional dependency: there is none for every platform. */
const compilerInstalled = (): boolean => {
  const { platform, arch } = process;
  const ofBuf = createRequire(createRequire(import.meta.url).resolve('@bufbuild/buf/package.json'));
  try {
    ofBuf.resolve(`@bufbuild/buf-${platform}-${arch}/package.json`);
    return true;
  } catch {
    return false;
  }
};

describe.skipIf(!compilerInstalled())('the generated messages', () => {
  it('are what the compiler makes of proto/sni.proto', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-proto-'));
    try {
      await promisify(execFile)(
        process.execPath,
        [join(binaries, '..', '@bufbuild/buf/bin/buf'), 'generate', '-o', folder],
        {
          cwd: root,
          env: { ...process.env, PATH: `${binaries}${delimiter}${process.env['PATH'] ?? ''}` },
        },
      );
      const made = await readFile(join(folder, 'src/sni/generated/sni_pb.ts'), 'utf8');
      expect(await readFile(new URL('./generated/sni_pb.ts', import.meta.url), 'utf8')).toBe(made);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 30_000);
});
