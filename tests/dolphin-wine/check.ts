/**
 * Runs inside node.exe beside the stand-in: our Windows source and ways, with the real koffi and the real (or Wine's) kernel32.
 * Prints one line per finding and ends with `all held`; any other end is a failure. See `run.sh`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { release } from 'node:os';
import { createInterface } from 'node:readline';
import type { ArenaAccess } from '../../packages/dolphin-bridge/src/access/arena-access.js';
import { parseLowMemory } from '../../packages/dolphin-bridge/src/arena/low-memory.js';
import { createWindowsSource } from '../../packages/dolphin-bridge/src/windows/windows-source.js';

// Without streams: under Wine they are there only where output goes to a file.
const say = (text: string): void => {
  writeSync(1, `${text}\n`);
};
const hold = (truth: boolean, what: string): void => {
  if (!truth) throw new Error(`does not hold: ${what}`);
  say(`held: ${what}`);
};

class StandIn {
  static readonly running = new Set<StandIn>();
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(console: string, naming: string) {
    this.#child = spawn('Dolphin.exe', [console, naming], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout) throw new Error('no output');
    StandIn.running.add(this);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the stand-in ended');
    return String(value).trim();
  }

  next(): Promise<string> {
    this.#child.stdin?.write('\n');
    return this.line();
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end('q\n');
    await ended;
    StandIn.running.delete(this);
  }

  kill(): void {
    this.#child.kill();
  }
}

const bytes = async (access: ArenaAccess, offset: number, size: number): Promise<Buffer> => {
  const target = Buffer.alloc(size);
  await access.read(offset, target);
  return target;
};

const until = async (test: () => Promise<boolean>, what: string): Promise<void> => {
  const limit = Date.now() + 5_000;
  while (!(await test())) {
    if (Date.now() > limit) throw new Error(`does not hold: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  say(`held: ${what}`);
};

const checkPlay = async (access: ArenaAccess, wii: boolean): Promise<void> => {
  const low = parseLowMemory(await bytes(access, 0, 0x3120));
  hold(low.booted && low.gameId === (wii ? 'RRGE99' : 'GRGE99'), `the game is ${low.gameId}`);
  hold(access.size === (wii ? 0x0604_0000 : 0x0404_0000), `the arena has 0x${access.size.toString(16)} bytes`);
  hold((await bytes(access, 0x0204_0100, 8)).toString('latin1') === 'THIRDREG', 'the third region is where it belongs');
  const first = (await bytes(access, 0x30_0010, 4)).readUInt32BE();
  await until(async () => (await bytes(access, 0x30_0010, 4)).readUInt32BE() > first, 'frames are counted');
  await access.write(0x30_0070, Uint8Array.of(7));
  await until(async () => (await bytes(access, 0x30_0070, 1))[0] === 0xff, 'the game takes a byte that was written');
  await access.write(0x30_3000, Uint8Array.of(1, 2, 3, 4, 5));
  hold((await bytes(access, 0x30_3000, 5)).toString('hex') === '0102030405', 'what was written stands there');
  hold(await access.alive(), 'the game is alive');
};

const measure = async (access: ArenaAccess): Promise<void> => {
  const target = Buffer.alloc(4);
  const count = 20_000;
  const before = process.hrtime.bigint();
  for (let look = 0; look < count; look++) await access.read(0x30_0010, target);
  const each = Number(process.hrtime.bigint() - before) / count;
  say(`measured: ${access.way}, read of 4 bytes ${each.toFixed(0)} ns`);
};

const source = await createWindowsSource();

const findArena = async (pid: number) => {
  const { found } = await source.find({ pid });
  const [sighting] = found;
  return sighting;
};

const check = async (console: 'gc' | 'wii', naming: 'named' | 'nameless', way: string): Promise<void> => {
  say(`-- ${console}, ${naming}`);
  const standIn = new StandIn(console, naming);
  const pid = Number((await standIn.line()).split(' ')[1]);
  const before = process.hrtime.bigint();
  const all = await source.find({});
  say(`measured: looking at all processes ${(Number(process.hrtime.bigint() - before) / 1e6).toFixed(1)} ms`);
  hold(
    all.found.filter((sighting) => sighting.pid === pid && sighting.kind === 'arena').length === 1,
    'found among all',
  );
  const arena = await findArena(pid);
  if (arena?.kind !== 'arena') throw new Error(`does not hold: ${arena?.kind} is an arena`);
  const access = await arena.open();
  hold(access.way === way, `it is reached by ${access.way}`);
  await checkPlay(access, console === 'wii');
  await measure(access);
  await standIn.next();
  hold(!(await access.alive()), 'the end of the game is noticed');
  hold((await findArena(pid))?.kind === 'idle', 'Dolphin is open without a game');
  await access.close();
  await standIn.next();
  const again = await findArena(pid);
  if (again?.kind !== 'arena') throw new Error('does not hold: the next game is found');
  const next = await again.open();
  await checkPlay(next, console === 'wii');
  await standIn.end();
  hold(!(await next.alive()), 'the end of Dolphin is noticed');
  await next.close();
  hold((await findArena(pid)) === undefined, 'no Dolphin is left');
};

const main = async (): Promise<void> => {
  say(`node ${process.version} on Windows ${release()}`);
  for (const console of ['gc', 'wii'] as const) {
    await check(console, 'named', 'section');
    await check(console, 'nameless', 'process');
  }
  say('all held');
};

try {
  await main();
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
  for (const standIn of StandIn.running) standIn.kill();
}
