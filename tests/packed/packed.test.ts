import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmptyProject } from './empty-project.js';
import { type PublishedPackage, publishedPackages, root } from './published-packages.js';
import { registryAvailable } from './registry.js';

const packages = publishedPackages();
const entries = packages.flatMap((each) => each.entries);
const PATIENCE_MS = 120_000;
/** Found in the tarball of a package, apart from what every package has. */
const CONTENTS: Readonly<Record<string, readonly string[]>> = {
  '@causeway/protocol': [],
  '@causeway/bridge': [],
  '@causeway/bizhawk-bridge': ['bin/causeway-bizhawk.mjs', 'lua/causeway-bizhawk.lua', 'lua/causeway-fceux.lua'],
  '@causeway/sni-bridge': ['bin/causeway-sni.mjs'],
  '@causeway/dolphin-bridge': ['bin/causeway-dolphin.mjs'],
  '@causeway/testbed': [
    'bin/causeway-testbed.mjs',
    'dolphin/rillgate-gc.dol',
    'dolphin/rillgate-wii.dol',
    'game/emberwalk.nes',
    'lua/causeway-bizhawk.lua',
    'rooms/README.md',
    'rooms/duo.json',
    'rooms/marshlight.json',
    'rooms/rillgate.json',
    'snes/marshlight-exhirom.bin',
    'snes/marshlight-hirom.bin',
    'snes/marshlight-lorom.bin',
  ],
};

const namesPerEntry = (load: string) => `
  const found = {};
  for (const entry of ${JSON.stringify(entries)}) found[entry] = Object.keys(${load}).length;
  console.log(JSON.stringify(found));`;

describe.skipIf(!registryAvailable())('installed from tarballs into an empty project', () => {
  let project: EmptyProject;
  beforeAll(async () => {
    project = await EmptyProject.create();
  }, PATIENCE_MS);
  afterAll(() => project?.[Symbol.asyncDispose]());

  const installed = ({ name }: PublishedPackage, ...parts: string[]) => project.path('node_modules', name, ...parts);
  const filesOf = (each: PublishedPackage): string[] => {
    const tarball = project.tarballs.find((name) => name.startsWith(each.name.slice(1).replace('/', '-')));
    const { stdout } = spawnSync('tar', ['tzf', project.path(tarball ?? '')], { encoding: 'utf8' });
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.replace('package/', ''));
  };

  it('knows every published package', () => {
    expect(packages.map(({ name }) => name).toSorted()).toEqual(Object.keys(CONTENTS).toSorted());
  });

  it.each(packages)('$name carries what it needs and nothing of ours', (each) => {
    const rest = filesOf(each).filter((file) => !file.startsWith('dist/'));
    const always = ['LICENSE', 'README.md', 'package.json'];
    expect(rest.toSorted()).toEqual([...always, ...(CONTENTS[each.name] ?? [])].toSorted());
  });

  it.each(packages)('$name leads nobody to sources', (each) => {
    const manifest = readFileSync(installed(each, 'package.json'), 'utf8');
    expect(manifest).not.toContain('@causeway/source');
    expect(manifest).not.toContain('workspace:');
    expect(manifest).not.toContain('catalog:');
  });

  it('has the same names for import and for require', async () => {
    project.write('all.mjs', namesPerEntry('await import(entry)'));
    project.write('all.cjs', namesPerEntry('require(entry)'));
    const imported = JSON.parse(await project.run(process.execPath, 'all.mjs')) as Record<string, number>;
    expect(Object.keys(imported)).toEqual(entries);
    for (const [entry, names] of Object.entries(imported)) expect(names, entry).toBeGreaterThan(0);
    expect(JSON.parse(await project.run(process.execPath, 'all.cjs'))).toEqual(imported);
  });

  it('recognises an error across both builds', async () => {
    project.write(
      'errors.mjs',
      `import { createRequire } from 'node:module';
       import { CausewayError } from '@causeway/protocol/errors';
       const other = createRequire(import.meta.url)('@causeway/protocol/errors');
       const error = new other.CausewayError('usage', 'x');
       console.log(error instanceof CausewayError, CausewayError.is(error));`,
    );
    expect(await project.run(process.execPath, 'errors.mjs')).toBe('false true\n');
  });

  it(
    'type-checks as a module and as CommonJS, with the libraries checked as well',
    async () => {
      const names = entries.map((entry, index) => `import * as e${index} from '${entry}';`).join('\n');
      const all = `${names}\nexport const all = [${entries.map((_, index) => `e${index}`).join(', ')}] as const;\n`;
      const use = `import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
      import { startBridge } from '@causeway/bridge';
      import { startEmulator } from '@causeway/testbed';
      export const start = async () => {
        const emulator = await startEmulator({ rom: 'game.nes', port: 0 });
        const port: number = await emulator.ready;
        // @ts-expect-error: types are there, and they are not \`any\`
        startBridge({ driver: createBizHawkDriver({ ports: [port] }), server: 1, modules: [] });
      };`;
      project.write('types.mts', all + use);
      project.write('types.cts', all + use);
      const compilerOptions = {
        noEmit: true,
        strict: true,
        skipLibCheck: false,
        module: 'nodenext',
        target: 'es2022',
        lib: ['es2023', 'esnext.disposable'],
        types: ['node'],
        typeRoots: [join(root, 'node_modules', '@types')],
      };
      project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['types.mts', 'types.cts'] }));
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      const report = await project
        .run(process.execPath, tsc, '-p', '.')
        .catch((error: { stdout: string }) => error.stdout);
      expect(report).toBe('');
    },
    PATIENCE_MS,
  );

  it('links the commands', async () => {
    for (const [name] of packages.flatMap(({ bins }) => Object.entries(bins))) {
      expect(await project.run('npx', '--no-install', name, '--version')).toMatch(/\d+\.\d+\.\d+\n$/);
    }
  });

  it('copies the connector that is in the repository', async () => {
    await project.run('npx', '--no-install', 'causeway-bizhawk', 'connector', '--copy', '.');
    expect(readFileSync(project.path('causeway-bizhawk.lua'))).toEqual(
      readFileSync(join(root, 'lua', 'causeway-bizhawk.lua')),
    );
  });

  it('finds the files it carries, whichever way it was loaded', async () => {
    const paths = `[bizhawk.connectorScriptPath('fceux'), game.gameRomPath(), emulator.bundledGame(), emulator.bundledConnector()]`;
    const names = { bizhawk: 'bizhawk-bridge', game: 'testbed/game', emulator: 'testbed/emulator' };
    const program = (load: (name: string) => string) =>
      `${Object.entries(names)
        .map(([name, entry]) => `const ${name} = ${load(`'@causeway/${entry}'`)};`)
        .join('\n')}
       console.log(JSON.stringify(${paths}));`;
    project.write(
      'files.mjs',
      program((name) => `await import(${name})`),
    );
    project.write(
      'files.cjs',
      program((name) => `require(${name})`),
    );
    for (const file of ['files.mjs', 'files.cjs']) {
      const found = JSON.parse(await project.run(process.execPath, file)) as string[];
      for (const path of found) {
        expect(path.includes(join('node_modules', '@causeway')), path).toBe(true);
        expect(existsSync(path), path).toBe(true);
      }
      expect(found).toHaveLength(4);
    }
  });

  it('plays: the emulator of one package answers the command of another', async () => {
    const { child, events } = project.start(
      'node_modules/@causeway/testbed/bin/causeway-testbed.mjs',
      'emulator',
      '--port',
      '0',
      '--json',
    );
    let port: unknown;
    for await (const event of events) {
      port = event['port'];
      if (event['event'] === 'emulator.listening') break;
    }
    const device = `bizhawk://127.0.0.1:${port}`;
    const read = await project.run(
      'npx',
      '--no-install',
      'causeway-bizhawk',
      'read',
      'PRG ROM',
      '0',
      '9',
      '--json',
      '--device',
      device,
    );
    expect(JSON.parse(read)).toMatchObject({ hex: Buffer.from('EMBERWALK').toString('hex') });
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });

  it('opens the room it carries', async () => {
    project.write(
      'room.mjs',
      `import { createRequire } from 'node:module';
       import { readRoomFile, startServer } from '@causeway/testbed/server';
       const path = createRequire(import.meta.url).resolve('@causeway/testbed/rooms/duo.json');
       const server = await startServer({ room: await readRoomFile(path) });
       console.log(server.room.slotNamed('Robin').game);
       await server.stop();`,
    );
    expect(await project.run(process.execPath, 'room.mjs')).toBe('Emberwalk\n');
  });
});
