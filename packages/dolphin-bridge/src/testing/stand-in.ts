import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type LowMemoryFacts, lowMemoryBytes } from './low-memory-bytes.js';

const PROGRAM = fileURLToPath(new URL('./stand-in-process.mjs', import.meta.url));

/** Sizes of the whole object as the real Dolphin makes it (docs/specs/dolphin.md, section 1.1). */
export const ARENA_SIZES = { GC: 0x0404_0000, 'GC with MMU': 0x0204_0000, Wii: 0x0604_0000 } as const;

/** A process that holds memory as Dolphin does, for machines without one. */
export class StandIn implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcess, answers: AsyncIterator<string>) {
    this.#process = child;
    this.#answers = answers;
  }

  /** A Dolphin without a game. @param name what the process calls itself */
  static open(name = 'dolphin-emu'): Promise<StandIn> {
    return StandIn.#open([`--title=${name}`, PROGRAM]);
  }

  /** The same with a command line: a process that gives itself a name has none. */
  static withArguments(...args: readonly string[]): Promise<StandIn> {
    return StandIn.#open([PROGRAM, ...args]);
  }

  static async #open(program: readonly string[]): Promise<StandIn> {
    const child = spawn(process.execPath, program, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child, 'spawn');
    const lines = createInterface({ input: child.stdout });
    const standIn = new StandIn(child, lines[Symbol.asyncIterator]());
    // Its name is set by the time it answers.
    await standIn.#order({ order: 'hold', path: '/dev/null' });
    return standIn;
  }

  static async playing(facts: LowMemoryFacts, size: number = ARENA_SIZES[facts.system]): Promise<StandIn> {
    const standIn = await StandIn.open();
    await standIn.start(size, lowMemoryBytes(facts));
    return standIn;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** @param name name of the memory object, when it shall not be this process's own */
  async start(size: number, low: Uint8Array = new Uint8Array(0), name?: string): Promise<void> {
    const pairs = [[0, Buffer.from(low).toString('hex')]];
    await this.#order({ order: 'start', size, low: pairs, ...(name === undefined ? {} : { name }) });
  }

  async stop(): Promise<void> {
    await this.#order({ order: 'stop' });
  }

  async write(at: number, bytes: Uint8Array): Promise<void> {
    await this.#order({ order: 'write', at, hex: Buffer.from(bytes).toString('hex') });
  }

  async read(at: number, size: number): Promise<Buffer> {
    return Buffer.from((await this.#order({ order: 'read', at, size })) as string, 'hex');
  }

  /** Keeps a file open. */
  async hold(path: string): Promise<void> {
    await this.#order({ order: 'hold', path });
  }

  /** Ends it as a crash does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  async #order(order: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
    const { value } = await this.#answers.next();
    const { result, error } = JSON.parse(value ?? '{"error":"The stand-in ended."}') as Record<string, unknown>;
    if (error !== undefined) throw new Error(String(error));
    return result;
  }
}
