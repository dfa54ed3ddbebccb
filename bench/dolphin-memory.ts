import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadStep } from '@causeway/bridge/device';
import { createDolphinDriver, launchDolphin, snapshotMemory } from '@causeway/dolphin-bridge';
import { CausewayError } from '@causeway/protocol/errors';
import { MAGIC, MEM1_BASE, readDolphinProgram, STATE, stampProgram } from '@causeway/testbed/dolphin-game';
import type { ArenaAccess } from '../packages/dolphin-bridge/src/access/arena-access.js';
import { createLinuxSource, type LinuxWay } from '../packages/dolphin-bridge/src/linux/linux-source.js';
import type { Bench, Figure } from './contract.js';
import { pollByMemoryEngine } from './support/memory-engine.js';
import { median, range, tail } from './support/statistics.js';

/** The shape of a well-known client's poll: values of 1, 4 and up to 10 bytes, spread over 2.5 KiB. */
const VALUES = 123;
const POLL_SPAN = 2560;
const SIZES = [1, 1, 4, 1, 1, 4, 2, 1, 10] as const;
const poll = Array.from({ length: VALUES }, (_, index) => ({
  offset: Math.floor((index * (POLL_SPAN - 16)) / VALUES),
  size: SIZES[index % SIZES.length] ?? 1,
}));

const MIB = 1024 * 1024;

/** Microseconds for one call, the median of some runs. */
const perCall = (runs: number, calls: number, call: () => void): readonly number[] => {
  for (let warm = 0; warm < calls / 4; warm++) call();
  return Array.from({ length: runs }, () => {
    const begun = performance.now();
    for (let done = 0; done < calls; done++) call();
    return ((performance.now() - begun) * 1000) / calls;
  });
};

/** The same memory through `/proc/PID/mem`, as readers do that need the right to attach. */
const processMemory = (pid: number, base: number) => {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  const line = maps.find((each) => / 00000000 .*(dolphin-emu|dolphinmem)\./.test(each) && each.includes('rw'));
  const start = Number.parseInt(line?.split('-')[0] ?? '', 16);
  if (!Number.isFinite(start)) throw new Error('The memory of Dolphin is not among its mappings.');
  const fd = openSync(`/proc/${pid}/mem`, 'r');
  return {
    read: (offset: number, target: Uint8Array): void => {
      readSync(fd, target, 0, target.length, start + base + offset);
    },
    close: () => closeSync(fd),
  };
};

const openWay = async (pid: number, way: LinuxWay): Promise<ArenaAccess> => {
  const { found } = await createLinuxSource({ way }).find({ pid });
  const arena = found.find((each) => each.kind === 'arena');
  if (!arena) throw new Error('The running game was not found.');
  const access = await arena.open();
  // Where koffi is missing the one stands in for the other: no figure may bear the wrong name.
  if (access.way === way) return access;
  await access.close();
  throw new CausewayError('device_unsupported', `Memory is reached by ${access.way} here, not by ${way}.`);
};

interface Readers {
  readonly descriptor: ArenaAccess;
  readonly view: ArenaAccess;
  /** Offsets here and of the poll count from `base`, an offset in the arena. */
  readonly foreign: ReturnType<typeof processMemory>;
  readonly base: number;
}

const targets = poll.map(({ size }) => new Uint8Array(size));
const NONE = new Uint8Array(0);

/** Reads the values of the poll one by one. */
const each = (read: (offset: number, target: Uint8Array) => void) => (): void => {
  for (let value = 0; value < poll.length; value++) read(poll[value]?.offset ?? 0, targets[value] ?? NONE);
};

/** Takes the values of the poll out of one copy. */
const oneRead = (read: (offset: number, target: Uint8Array) => void) => {
  const whole = new Uint8Array(POLL_SPAN);
  return (): void => {
    read(0, whole);
    each((offset, target) => {
      for (let at = 0; at < target.length; at++) target[at] = whole[offset + at] ?? 0;
    })();
  };
};

const figure = (what: string, times: readonly number[], beside: NonNullable<Figure['beside']>): Figure => ({
  what,
  unit: 'µs',
  ours: median(times),
  beside,
  samples: times.length,
  spread: range(times),
});

const pollFigures = ({ descriptor, view, foreign, base }: Readers, smoke: boolean): readonly Figure[] => {
  const [runs, calls] = smoke ? [2, 50] : [7, 4000];
  const slowCalls = Math.ceil(calls / 20);
  const by = (access: ArenaAccess) => (offset: number, target: Uint8Array) => void access.read(base + offset, target);
  const name = `${VALUES} reads of /proc/PID/mem`;
  const beside = { name, value: median(perCall(runs, slowCalls, each(foreign.read))) };
  const engine = pollByMemoryEngine({
    places: poll.map(({ offset, size }) => [MEM1_BASE + base + offset, size]),
    ...{ runs, calls: slowCalls },
    proof: [MEM1_BASE + STATE.magic.offset, Buffer.from(MAGIC, 'latin1').toString('hex')],
  });
  const readByRead = `poll of ${VALUES} scattered values, each read by the descriptor`;
  return [
    figure(`poll of ${VALUES} scattered values by the view`, perCall(runs, calls, each(by(view))), beside),
    figure(
      `poll of ${VALUES} scattered values by one descriptor read`,
      perCall(runs, calls, oneRead(by(descriptor))),
      beside,
    ),
    ...(engine ? [figure(readByRead, perCall(runs, slowCalls, each(by(descriptor))), engine)] : []),
  ];
};

const wordFigures = ({ descriptor, view, foreign, base }: Readers, smoke: boolean): readonly Figure[] => {
  const [runs, calls] = smoke ? [2, 50] : [7, 4000];
  const word = new Uint8Array(4);
  const beside = { name: '/proc/PID/mem', value: median(perCall(runs, calls, () => foreign.read(0, word))) };
  const words = (access: ArenaAccess) => perCall(runs, calls, () => void access.read(base, word));
  return [
    figure('one word by the view', words(view), beside),
    figure('one word by the descriptor', words(descriptor), beside),
  ];
};

const timesOf = async (count: number, work: () => Promise<unknown>): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
};

const deviceFigures = async (uri: string, smoke: boolean): Promise<readonly Figure[]> => {
  const driver = createDolphinDriver();
  await using device = await driver.open(uri);
  const { domain, offset } = STATE.head;
  const steps: readonly ReadStep[] = poll.map((value) => ({
    kind: 'read',
    at: { domain, offset: offset + value.offset },
    size: value.size,
  }));
  await timesOf(smoke ? 5 : 500, () => device.run(steps));
  const polls = await timesOf(smoke ? 20 : 2000, () => device.run(steps));
  const snapshots = await timesOf(smoke ? 2 : 30, () => snapshotMemory(device));
  const listings = await timesOf(smoke ? 2 : 30, () => driver.detect());
  return [
    {
      what: 'the same poll through the device, every check included',
      unit: 'ms',
      ours: median(polls),
      samples: polls.length,
      spread: tail(polls),
    },
    {
      what: 'snapshot of 24 MiB (aim: under 10 ms)',
      unit: 'ms',
      ours: median(snapshots),
      samples: snapshots.length,
      spread: tail(snapshots),
    },
    {
      what: 'finding every Dolphin',
      unit: 'ms',
      ours: median(listings),
      samples: listings.length,
      spread: tail(listings),
    },
  ];
};

const memoryFigures = async (pid: number, smoke: boolean): Promise<readonly Figure[]> => {
  const base = STATE.head.offset;
  const foreign = processMemory(pid, base);
  const [descriptor, view] = [await openWay(pid, 'descriptor'), await openWay(pid, 'view')];
  try {
    const readers = { descriptor, view, foreign, base };
    return [...pollFigures(readers, smoke), ...wordFigures(readers, smoke)];
  } finally {
    foreign.close();
    await descriptor.close();
    await view.close();
  }
};

/** Whether Dolphin or koffi is not there: the other benches can do without them. */
const isMissing = (error: unknown): error is CausewayError =>
  CausewayError.is(error) && ['device_not_found', 'device_unsupported'].includes(error.code);

/** What it costs to look into Dolphin's memory. */
export const dolphinMemory: Bench = {
  name: 'dolphin-memory',
  how: `Rillgate in the real Dolphin (GameCube, no screen), all readers as its user, ours in one process; snapshots are of ${24 * MIB} bytes. dolphin-memory-engine stands beside where python3 has its module (pip install dolphin-memory-engine). Needs Dolphin and koffi; without them nothing is measured.`,
  run: async ({ smoke }) => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-dolphin-'));
    try {
      const image = join(folder, 'rillgate.dol');
      writeFileSync(image, stampProgram(readDolphinProgram('gc'), { slotName: 'Marlo' }));
      const userFolder = join(folder, 'user');
      await using dolphin = await launchDolphin({ image, userFolder, build: 'nogui', headless: true });
      return [...(await memoryFigures(dolphin.pid, smoke)), ...(await deviceFigures(dolphin.uri, smoke))];
    } catch (error) {
      if (!isMissing(error)) throw error;
      process.stderr.write(`skipped: dolphin-memory, because ${error.message}\n`);
      return [];
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    }
  },
};
