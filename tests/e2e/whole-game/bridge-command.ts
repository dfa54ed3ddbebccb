import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SessionEvent } from '@causeway/bridge';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What differs between the bridges' commands and between our games. */
export interface CommandChoice {
  /** The package whose command it is. */
  readonly bridge: 'bizhawk-bridge' | 'sni-bridge' | 'dolphin-bridge';
  /** Folder of the built game module below the testbed's `dist`. */
  readonly game: 'game' | 'snes-game' | 'dolphin-game';
  /** Given as `--device`. */
  readonly device: string;
  readonly serverPort: number;
}

const binOf = (bridge: CommandChoice['bridge']): string =>
  join(root, 'packages', bridge, 'bin', `causeway-${bridge.replace('-bridge', '')}.mjs`);

/** `causeway-… run --json` as a player starts it, in a process of its own. Needs a build. */
export class BridgeCommand implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #lines: AsyncIterator<string>;
  errors = '';

  private constructor(child: ChildProcess, folder: string) {
    this.#process = child;
    this.#folder = folder;
    if (!child.stdout || !child.stderr) throw new Error('The command was started without pipes.');
    child.stderr.on('data', (chunk: Buffer) => {
      this.errors += chunk.toString('utf8');
    });
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  static async run({ bridge, game, device, serverPort }: CommandChoice): Promise<BridgeCommand> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-run-'));
    const module = join(root, 'packages/testbed/dist', game, 'index.js');
    const args = ['run', '--json', '--module', module, '--device', device, '--server', `127.0.0.1:${serverPort}`];
    const child = spawn(process.execPath, [binOf(bridge), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CAUSEWAY_LOG_DIR: folder },
    });
    return new BridgeCommand(child, folder);
  }

  /** Lines of `--json` until one of them is of this kind, that one included. */
  async until(kind: SessionEvent['event']): Promise<readonly SessionEvent[]> {
    const events: SessionEvent[] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`The command ended before ${kind}:\n${this.errors}`);
      const event = JSON.parse(value) as SessionEvent;
      events.push(event);
      if (event.event === kind) return events;
    }
  }

  /** Ends it as Ctrl+C does; settles with its exit code. */
  async interrupt(): Promise<number | null> {
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    const [code] = await ended;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
