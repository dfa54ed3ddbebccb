import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBridge } from '@causeway/bridge';
import type { Device, Driver, ReadStep } from '@causeway/bridge/device';
import { createNwaDriver, createSniGrpcDriver, createUsb2SnesDriver } from '@causeway/sni-bridge';
import { createRetroArchDriver, type LaunchedRetroArch, launchRetroArch } from '@causeway/sni-bridge/retroarch';
import { serveUsb2Snes } from '@causeway/sni-bridge/serve';
import { startConsole } from '@causeway/testbed/console';
import { type MultiworldServer, readRoomFile, startServer } from '@causeway/testbed/server';
import { buildCartridge, COMMANDS, LOCATIONS, module, STATE } from '@causeway/testbed/snes-game';
import type { Bench, Figure } from './contract.js';
import { benchPath } from './support/child.js';
import { measuredCommand, usedOver } from './support/measured-command.js';
import { median, quantile, tail } from './support/statistics.js';

const ROOM = benchPath('../packages/testbed/rooms/marshlight.json');
const CORE = 'bsnes_mercury_performance';
/** A frame of an NTSC SNES and a little, milliseconds. */
const ONE_FRAME_MS = 20;
const REGION_COUNTS = [16, 31, 32, 48, 64, 128, 256, 512];

/** Regions so far apart that each is a read of its own. */
const scattered = (count: number): readonly ReadStep[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'read',
    at: { domain: 'WRAM', offset: index * Math.floor(0x1_f000 / count) },
    size: 4,
  }));

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

const repeated = async (count: number, work: () => Promise<unknown>): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let round = 0; round < count; round++) times.push(await timed(work));
  return times;
};

const batches = async (name: string, device: Device, count: number): Promise<readonly Figure[]> => {
  const together = await repeated(count, () => device.run(scattered(16)));
  const oneByOne = await repeated(Math.ceil(count / 8), async () => {
    for (const step of scattered(16)) await device.run([step]);
  });
  let most = 0;
  for (const regions of REGION_COUNTS) {
    const times = await repeated(8, () => device.run(scattered(regions)));
    if (median(times) > ONE_FRAME_MS) break;
    most = regions;
  }
  return [
    {
      what: `16 scattered regions, ${name}`,
      unit: 'ms',
      ours: median(together),
      beside: { name: 'one read after the other, as clients do', value: median(oneByOne) },
      samples: together.length,
      spread: tail(together),
    },
    { what: `separate regions read within a frame (20 ms), ${name} (more is better)`, unit: 'regions', ours: most },
  ];
};

/** Chests opened by command, one after the other; milliseconds from the command's landing to the check at the server. */
const checkTimes = async (
  driver: Driver,
  uri: string,
  hand: Device,
  server: MultiworldServer,
  arrivals: ReadonlyMap<number, number>,
  flags: readonly number[],
): Promise<readonly number[]> => {
  await using session = startBridge({ driver, device: uri, server: `127.0.0.1:${server.port}`, modules: [module] });
  for await (const { event } of session.events()) if (event === 'server.connected') break;
  await sleep(1500);
  const times: number[] = [];
  for (const flag of flags) {
    const id = LOCATIONS.find((location) => location.flag === flag)?.id ?? 0;
    const argument = { kind: 'write', at: STATE.argument, data: Uint8Array.of(flag, 0) } as const;
    await hand.run([argument, { kind: 'write', at: STATE.command, data: Uint8Array.of(COMMANDS.open) }]);
    const landed = performance.now();
    while (!arrivals.has(id)) await sleep(1);
    times.push((arrivals.get(id) ?? 0) - landed);
    await sleep(120 + (flag % 5) * 7);
  }
  return times;
};

const inRetroArch = async (
  folder: string,
  retroarch: LaunchedRetroArch,
  smoke: boolean,
): Promise<readonly Figure[]> => {
  const samples = smoke ? 8 : 160;
  const direct = createRetroArchDriver();
  await using device = await direct.open(retroarch.uri);
  const figures = [...(await batches('RetroArch directly', device, samples))];
  await using behind = await serveUsb2Snes({ device, port: 0, write: true });
  const throughServer = createUsb2SnesDriver();
  const served = `usb2snes://127.0.0.1:${behind.port}`;
  await using client = await throughServer.open(served);
  figures.push(...(await batches('our usb2snes server before RetroArch', client, samples)));

  const arrivals = new Map<number, number>();
  const room = await readRoomFile(ROOM);
  await using server = await startServer({
    room,
    onEvent: (event) => {
      if (event.kind === 'sent' && !arrivals.has(event.location)) arrivals.set(event.location, performance.now());
    },
  });
  const flags = LOCATIONS.map(({ flag }) => flag);
  const half = smoke ? 2 : 12;
  const ways = [
    ['RetroArch directly', direct, retroarch.uri, flags.slice(0, half)],
    ['our usb2snes server before RetroArch', throughServer, served, flags.slice(half, 2 * half)],
  ] as const;
  for (const [name, driver, uri, own] of ways) {
    const times = await checkTimes(driver, uri, device, server, arrivals, own);
    figures.push({
      what: `chest opened in the game until check at the server, ${name}`,
      unit: 'ms',
      ours: median(times),
      samples: times.length,
      spread: { p95: quantile(times, 0.95), max: quantile(times, 1) },
    });
  }
  figures.push(...(await commandCost(folder, retroarch, server, smoke)));
  return figures;
};

const commandCost = async (
  folder: string,
  retroarch: LaunchedRetroArch,
  server: MultiworldServer,
  smoke: boolean,
): Promise<readonly Figure[]> => {
  const args = ['--device', retroarch.uri, '--server', `127.0.0.1:${server.port}`];
  const modulePath = benchPath('processes/marshlight.mjs');
  const log = { CAUSEWAY_LOG_DIR: folder };
  await using command = measuredCommand(['run', ...args, '--module', modulePath], log, 'sni');
  await sleep(smoke ? 1500 : 5000);
  const use = await usedOver(command, smoke ? 500 : 15_000);
  return [
    { what: 'CPU of causeway-sni while playing, polling every frame', unit: '% of a core', ours: use.percent },
    { what: 'resident memory of causeway-sni while playing', unit: 'MiB', ours: use.rssMib },
  ];
};

/** Ways for which no real peer can be installed here, against our virtual console. */
const inVirtualConsole = async (smoke: boolean): Promise<readonly Figure[]> => {
  await using console = await startConsole({ nwa: 0, grpc: 0 });
  const { nwa, grpc } = console.ports;
  const ways = [
    ['NWA, virtual console', createNwaDriver(), `nwa://127.0.0.1:${nwa}`],
    ["SNI's gRPC, virtual console", createSniGrpcDriver(), `sni://127.0.0.1:${grpc}`],
  ] as const;
  const figures: Figure[] = [];
  for (const [name, driver, uri] of ways) {
    await using device = await driver.open(uri);
    figures.push(...(await batches(name, device, smoke ? 8 : 120)));
  }
  return figures;
};

/** What each way to a SNES costs. */
export const snesDrivers: Bench = {
  name: 'snes-drivers',
  how: 'Marshlight at 60.1 frames a second in the real RetroArch (bsnes-mercury performance, no screen), bridge and server in one process; NWA and gRPC against the virtual console. Needs RetroArch and the core.',
  run: async ({ smoke }) => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-snes-'));
    try {
      const content = join(folder, 'marshlight.sfc');
      const room = await readRoomFile(ROOM);
      writeFileSync(content, buildCartridge({ mapping: 'lorom', slotName: 'Wren', seed: room.seed }));
      const port = 40_000 + (process.pid % 20_000);
      await using retroarch = await launchRetroArch({ content, core: CORE, folder, port, headless: true });
      return [...(await inRetroArch(folder, retroarch, smoke)), ...(await inVirtualConsole(smoke))];
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    }
  },
};
