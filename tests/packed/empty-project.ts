import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { publishedPackages, root } from './published-packages.js';

const run = promisify(execFile);
const shell = process.platform === 'win32';
const PATIENCE_MS = 110_000;

/** An empty project into which the packages were installed as they would come from a registry. */
export class EmptyProject implements AsyncDisposable {
  readonly folder: string;
  /** Names of the tarballs. */
  readonly tarballs: readonly string[];
  readonly #running = new Set<ChildProcess>();

  private constructor(folder: string, tarballs: readonly string[]) {
    this.folder = folder;
    this.tarballs = tarballs;
  }

  static async create(): Promise<EmptyProject> {
    for (const { folder } of publishedPackages()) {
      if (!existsSync(join(folder, 'dist'))) throw new Error(`${folder} is not built: npm run build`);
    }
    const folder = mkdtempSync(join(tmpdir(), 'causeway-packed-'));
    const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      packageManager: string;
    };
    const pack = ['-r', '--filter', './packages/*', 'pack', '--pack-destination', folder];
    await run('npx', ['--yes', packageManager, ...pack], { cwd: root, shell, timeout: PATIENCE_MS });
    const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs.map((name) => `./${name}`)];
    await run('npm', install, { cwd: folder, shell, timeout: PATIENCE_MS });
    return new EmptyProject(folder, tarballs);
  }

  /** Path below the project. */
  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  /** Runs a program to its end; rejects with its output when it fails. */
  async run(program: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(program, args, { cwd: this.folder, shell, timeout: PATIENCE_MS });
    return stdout;
  }

  /** Starts a Node program of the project and yields each line of its stdout as JSON. */
  start(file: string, ...args: string[]): { child: ChildProcess; events: AsyncIterable<Record<string, unknown>> } {
    const child = spawn(process.execPath, [this.path(file), ...args], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    return { child, events: jsonLines(child) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#running) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function* jsonLines({ stdout }: ChildProcess): AsyncGenerator<Record<string, unknown>> {
  if (!stdout) return;
  for await (const line of createInterface({ input: stdout })) yield JSON.parse(line) as Record<string, unknown>;
}
