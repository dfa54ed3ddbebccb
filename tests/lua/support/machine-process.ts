import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ConnectorUnderTest, ShownMessage } from '../../conformance/connector/connector-under-test.js';
import { LineSocket } from '../../conformance/connector/line-socket.js';
import { machineDescription } from '../../conformance/connector/recording.js';
import { ROOT } from './paths.js';

interface MachineEvent {
  readonly control?: number;
  readonly print?: string;
  readonly message?: string;
  readonly frame?: number;
  readonly crash?: string;
  readonly ended?: number;
}

export interface MachineOptions {
  /** The interpreter. */
  readonly lua: string;
  readonly script?: string;
  /** Whether it offers `memory.read_bytes_as_binary_string`. */
  readonly binary?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const PORT = /127\.0\.0\.1:(\d+)/;
const START_MS = 10_000;

/** A plain Lua interpreter that plays an emulator on the recordings' machine, in a process of its own. */
export class MachineProcess implements ConnectorUnderTest {
  readonly messages: ShownMessage[] = [];
  readonly printed: string[] = [];
  readonly #process: ChildProcess;
  readonly #errors: string[] = [];
  readonly #exit: Promise<unknown>;
  #control: LineSocket | undefined;
  #port = 0;
  #watchers: (() => void)[] = [];
  #controlPort = 0;

  private constructor(options: MachineOptions) {
    const script = options.script ?? 'lua/causeway-bizhawk.lua';
    const args = ['tests/lua/machine/run.lua', script, fileURLToPath(machineDescription)];
    const env = { ...process.env, CAUSEWAY_PORT: '0', MACHINE_BINARY: options.binary ? '1' : '0', ...options.env };
    this.#process = spawn(options.lua, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exit = once(this.#process, 'exit').catch(() => undefined);
    this.#process.on('exit', () => this.#changed());
    this.#process.stderr?.on('data', (chunk: Buffer) => this.#errors.push(chunk.toString()));
    if (this.#process.stdout) {
      createInterface({ input: this.#process.stdout }).on('line', (line) =>
        this.#take(JSON.parse(line) as MachineEvent),
      );
    }
  }

  /** A machine whose script runs, whatever it does. */
  static async start(options: MachineOptions): Promise<MachineProcess> {
    const machine = new MachineProcess(options);
    await machine.until(() => machine.#controlPort > 0);
    machine.#control = await LineSocket.open(machine.#controlPort);
    return machine;
  }

  /** A machine whose script listens. */
  static async open(options: MachineOptions): Promise<MachineProcess> {
    const machine = await MachineProcess.start(options);
    await machine.until(() => machine.#port > 0);
    return machine;
  }

  get port(): number {
    return this.#port;
  }

  /** Waits until something that the machine told makes `condition` true. */
  async until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (!condition()) {
      const left = deadline - Date.now();
      const ended = this.#process.exitCode !== null;
      if (left <= 0 || ended) {
        throw new Error(
          `the machine ${ended ? 'ended' : 'is silent'}: ${[...this.printed, ...this.#errors].join('\n')}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Sends one line to the machine's control port; answers the frame number. */
  async control(line: string): Promise<number> {
    return Number(await this.#control?.ask(line));
  }

  async frame(): Promise<number> {
    const first = await this.control('frame');
    for (;;) {
      const now = await this.control('frame');
      if (now > first) return now;
    }
  }

  async pause(): Promise<void> {
    await this.control('pause');
  }

  async resume(): Promise<void> {
    await this.control('resume');
  }

  /** Ends as an emulator that is closed in order; answers once the process is gone. */
  async quit(): Promise<void> {
    await this.control('quit');
    await this.#exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#control?.[Symbol.asyncDispose]();
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill('SIGKILL');
    await this.#exit;
  }

  #take(event: MachineEvent): void {
    if (event.control !== undefined) this.#controlPort = event.control;
    if (event.message !== undefined) this.messages.push({ text: event.message, frame: event.frame ?? 0 });
    if (event.crash !== undefined) this.#errors.push(event.crash);
    if (event.print !== undefined) {
      this.printed.push(event.print);
      const port = PORT.exec(event.print)?.[1];
      if (port !== undefined) this.#port = Number(port);
    }
    this.#changed();
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}
