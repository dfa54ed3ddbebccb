import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadStep } from '@causeway/bridge/device';
import { createDolphinDriver, launchDolphin, snapshotMemory } from '@causeway/dolphin-bridge';
import { readDolphinProgram, STATE, stampProgram } from '@causeway/testbed/dolphin-game';
import type { ArenaAccess } from '../packages/dolphin-bridge/src/access/arena-access.js';
import { createLinuxSource, type LinuxWay } from '../packages/dolphin-bridge/src/linux/linux-source.js';
import type { Bench, Figure } from './contract.js';
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
  return arena.open();
};

const pollFigures = (
  descriptor: ArenaAccess,
  view: ArenaAccess,
  foreign: ReturnType<typeof processMemory>,
  base: number,
  smoke: boolean,
): readonly Figure[] => {
  const [runs, calls] = smoke ? [2, 50] : [7, 4000];
  const whole = new Uint8Array(POLL_SPAN);
  const targets = poll.map(({ size }) => new Uint8Array(size));
  const each = (read: (offset: number, target: Uint8Array) => void) => (): void => {
    for (let value = 0; value < poll.length; value++) read(poll[value]?.offset ?? 0, targets[value] ?? whole);
  };
  const byMemFile = perCall(
    runs,
    Math.ceil(calls / 20),
    each((offset, target) => foreign.read(offset, target)),
  );
  const beside = { name: '123 reads of /proc/PID/mem', value: median(byMemFile) };
  const byView = perCall(
    runs,
    calls,
    each((offset, target) => void view.read(base + offset, target)),
  );
  const byOneRead = perCall(runs, calls, () => {
    void descriptor.read(base, whole);
    for (let value = 0; value < poll.length; value++) {
      const { offset = 0, size = 0 } = poll[value] ?? {};
      const target = targets[value] ?? whole;
      for (let at = 0; at < size; at++) target[at] = whole[offset + at] ?? 0;
    }
  });
  const word = new Uint8Array(4);
  const wordBeside = perCall(runs, calls, () => foreign.read(0, word));
  const words = (access: ArenaAccess) => perCall(runs, calls, () => void access.read(base, word));
  const wordFigure = (name: string, times: readonly number[]): Figure => ({
    what: `one word by ${name}`,
    unit: 'µs',
    ours: median(times),
    beside: { name: '/proc/PID/mem', value: median(wordBeside) },
    samples: times.length,
    spread: range(times),
  });
  return [
    {
      what: 'poll of 123 scattered values by the view',
      unit: 'µs',
      ours: median(byView),
      beside,
      spread: range(byView),
    },
    {
      what: 'poll of 123 scattered values by one descriptor read',
      unit: 'µs',
      ours: median(byOneRead),
      beside,
      spread: range(byOneRead),
    },
    wordFigure('the view', words(view)),
    wordFigure('the descriptor', words(descriptor)),
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

/** What it costs to look into Dolphin's memory. */
export const dolphinMemory: Bench = {
  name: 'dolphin-memory',
  how: `Rillgate in the real Dolphin (GameCube, no screen), all readers in one process and as its user; snapshots are of ${24 * MIB} bytes. dolphin-memory-engine is not measured here: its Python module is not part of this project. Needs Dolphin and koffi.`,
  run: async ({ smoke }) => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-dolphin-'));
    try {
      const image = join(folder, 'rillgate.dol');
      writeFileSync(image, stampProgram(readDolphinProgram('gc'), { slotName: 'Marlo' }));
      const userFolder = join(folder, 'user');
      await using dolphin = await launchDolphin({ image, userFolder, build: 'nogui', headless: true });
      const base = STATE.head.offset;
      const foreign = processMemory(dolphin.pid, base);
      const [descriptor, view] = [await openWay(dolphin.pid, 'descriptor'), await openWay(dolphin.pid, 'view')];
      const figures = pollFigures(descriptor, view, foreign, base, smoke);
      foreign.close();
      await descriptor.close();
      await view.close();
      return [...figures, ...(await deviceFigures(dolphin.uri, smoke))];
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    }
  },
};
