import type { Device, Region } from '@causeway/bridge/device';
import { createDolphinDriver } from '@causeway/dolphin-bridge';
import {
  type DolphinBuild,
  GAME_IDS,
  MAGIC,
  MEM1_BASE,
  PLACES,
  readDolphinProgram,
  STATE,
  TYPES,
} from '@causeway/testbed/dolphin-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { DOLPHIN_PROBE, Dolphin } from './dolphin.js';
import { GuestMemory } from './guest-memory.js';

const SYSTEMS = { gc: 'GC', wii: 'Wii' } as const;
const OVERRIDE = {
  'Dolphin.Core.RAMOverrideEnable': 'True',
  'Dolphin.Core.MEM1Size': String(0x0400_0000),
  'Dolphin.Core.MEM2Size': String(0x0800_0000),
};
const DOMAINS = {
  gc: { MEM1: 0x0180_0000, FakeVMEM: 0x0200_0000 },
  wii: { MEM1: 0x0180_0000, MEM2: 0x0400_0000 },
};

interface Configuration {
  readonly name: string;
  readonly build: DolphinBuild;
  readonly config?: Readonly<Record<string, string>>;
  /** Sizes of the domains that lie in the emulated memory, in bytes. */
  readonly domains: Readonly<Record<string, number>>;
}

const CONFIGURATIONS: readonly Configuration[] = [
  { name: 'a GameCube', build: 'gc', domains: DOMAINS.gc },
  { name: 'a Wii', build: 'wii', domains: DOMAINS.wii },
  { name: 'a GameCube with MMU', build: 'gc', config: { 'Dolphin.Core.MMU': 'True' }, domains: { MEM1: 0x0180_0000 } },
  { name: 'a Wii with MMU', build: 'wii', config: { 'Dolphin.Core.MMU': 'True' }, domains: DOMAINS.wii },
  {
    name: 'a GameCube with more memory',
    build: 'gc',
    config: OVERRIDE,
    domains: { MEM1: 0x0400_0000, FakeVMEM: 0x0200_0000 },
  },
  { name: 'a Wii with more memory', build: 'wii', config: OVERRIDE, domains: { MEM1: 0x0400_0000, MEM2: 0x0800_0000 } },
  {
    name: 'a GameCube without fast memory',
    build: 'gc',
    config: { 'Dolphin.Core.Fastmem': 'False' },
    domains: DOMAINS.gc,
  },
];

const read = async (device: Device, { domain, offset, size }: Region): Promise<Buffer> => {
  const result = await device.run([{ kind: 'read', at: { domain, offset }, size }]);
  return Buffer.from(result.reads[0]!);
};

const bus = (address: number, size: number): Region => ({ domain: 'Bus', offset: address, size });
const STATE_ADDRESS = MEM1_BASE + STATE.head.offset;

/** Every way to the same place, with and without cache. */
const viewsOf = (region: Region): readonly Region[] => [
  region,
  bus(MEM1_BASE + region.offset, region.size),
  bus(0xc000_0000 + region.offset, region.size),
];

const expectValues = (bytes: Buffer): void => {
  expect(bytes[TYPES.u8.at]).toBe(TYPES.u8.value);
  expect(bytes.readUInt16BE(TYPES.u16.at)).toBe(TYPES.u16.value);
  expect(bytes.readUInt32BE(TYPES.u32.at)).toBe(TYPES.u32.value);
  expect(bytes.readBigUInt64BE(TYPES.u64.at)).toBe(TYPES.u64.value);
  expect(bytes.readFloatBE(TYPES.float.at)).toBe(TYPES.float.value);
  expect(bytes.readDoubleBE(TYPES.double.at)).toBe(TYPES.double.value);
  expect(bytes.readUInt32BE(TYPES.unaligned.at)).toBe(TYPES.unaligned.value);
  const { at, value } = TYPES.text;
  expect(bytes.toString('latin1', at, at + value.length)).toBe(value);
};

const inside = async (
  { build, config }: Configuration,
  scene: (device: Device, memory: GuestMemory) => Promise<void>,
): Promise<void> => {
  await using dolphin = await Dolphin.start({ program: readDolphinProgram(build), ...(config ? { config } : {}) });
  using memory = GuestMemory.of(dolphin.pid);
  await using device = await createDolphinDriver().open(dolphin.uri);
  await scene(device, memory);
};

describe.skipIf(!toolAvailable('dolphin', DOLPHIN_PROBE))('the driver in the real Dolphin', () => {
  it.each(CONFIGURATIONS)('finds its way in $name', (configuration) =>
    inside(configuration, async (device, memory) => {
      const { build, domains } = configuration;
      expect(device.info.system).toBe(SYSTEMS[build]);
      expect(JSON.stringify(await device.rom())).toContain(GAME_IDS[build]);
      const sizes = Object.fromEntries(device.info.domains.map(({ name, size }) => [name, size]));
      const { Bus: _bus, ARAM: _aram, ...inMemory } = sizes;
      expect(inMemory).toEqual(domains);

      for (const view of viewsOf(STATE.types)) expectValues(await read(device, view));
      // What lies furthest away, stored by the emulated processor itself.
      for (const [domain, size] of Object.entries(domains)) {
        const base = { MEM1: MEM1_BASE, MEM2: 0x9000_0000, FakeVMEM: 0x7e00_0000 }[domain]!;
        await memory.command('poke', base + size - 8, 0x600d_c0de);
        expect((await read(device, { domain, offset: size - 8, size: 4 })).readUInt32BE()).toBe(0x600d_c0de);
        expect((await read(device, bus(base + size - 8, 4))).readUInt32BE()).toBe(0x600d_c0de);
      }
      if (build === 'wii') {
        for (const address of [PLACES.stateInMem2, PLACES.stateInMem2 + 0x4000_0000]) {
          expect((await read(device, bus(address, 8))).toString()).toBe(MAGIC);
        }
      }
    }),
  );

  it.each(CONFIGURATIONS.slice(0, 2))('writes what the processor of $name then reads', (configuration) =>
    inside(configuration, async (device, memory) => {
      const at = PLACES.saveSlot + 0x800;
      const result = await device.run([
        { kind: 'write', at: { domain: 'MEM1', offset: at - MEM1_BASE }, data: Uint8Array.of(1, 2, 3, 4, 5) },
        { kind: 'write', at: { domain: 'Bus', offset: at + 5 }, data: Uint8Array.of(6, 7, 8) },
        { kind: 'read', at: { domain: 'Bus', offset: at }, size: 8 },
      ]);
      expect(result).toMatchObject({ ok: true });
      expect([...result.reads[0]!]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(await memory.command('peek', at)).toBe(0x01020304);
      expect(await memory.command('peek', at + 4)).toBe(0x05060708);
    }),
  );

  it.each(CONFIGURATIONS.slice(0, 2))('refuses what is no memory of $name, and lives on', (configuration) =>
    inside(configuration, async (device) => {
      const wrong: readonly Region[] = [
        { domain: 'MEM1', offset: 0x0180_0000 - 2, size: 4 },
        { domain: 'ROM', offset: 0, size: 4 },
        bus(0xcc00_5000, 4),
        bus(0x8180_0000 - 2, 4),
        bus(configuration.build === 'gc' ? 0x9000_0000 : 0x7e00_0000, 4),
      ];
      for (const region of wrong) {
        await expect(read(device, region), `${region.domain} ${region.offset.toString(16)}`).rejects.toMatchObject({
          code: expect.stringMatching(/^(address_out_of_range|address_unmapped|domain_unknown|batch_step_failed)$/),
        });
      }
      expectValues(await read(device, STATE.types));
    }),
  );

  it('shows as audio RAM what the game has put there, or nothing at all', () =>
    inside(CONFIGURATIONS[0]!, async (device, memory) => {
      const [at, size] = [0x0012_3400, 64];
      await memory.command('aramPut', at, size);
      const pattern = Buffer.from(Array.from({ length: size }, (_, index) => (0xa5 ^ (at + index)) & 0xff));
      if (device.info.domains.some(({ name }) => name === 'ARAM')) {
        expect(await read(device, { domain: 'ARAM', offset: at, size })).toEqual(pattern);
        const write = device.run([{ kind: 'write', at: { domain: 'ARAM', offset: at }, data: Uint8Array.of(1) }]);
        await expect(write).rejects.toMatchObject({ code: 'domain_read_only' });
      }
      expect(await read(device, bus(PLACES.aramStage, size))).toEqual(pattern);
    }));

  it('never returns a mixture where a guard says that nothing was written meanwhile', () =>
    inside(CONFIGURATIONS[0]!, async (device) => {
      const mixed = (bytes: Uint8Array): boolean => bytes.some((byte, index) => byte !== bytes[index % 4]);
      const seen = { mixtures: 0, whole: 0, refused: 0 };
      for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
        const [sequence, careless] = (
          await device.run([
            { kind: 'read', at: STATE.seqlock, size: 4 },
            { kind: 'read', at: STATE.tear, size: STATE.tear.size },
          ])
        ).reads;
        if (mixed(careless!)) seen.mixtures++;
        // Odd: it is being written.
        if (sequence![3]! % 2 === 1) continue;
        const guarded = await device.run([
          { kind: 'guard', at: STATE.seqlock, expect: sequence! },
          { kind: 'read', at: STATE.tear, size: STATE.tear.size },
          { kind: 'guard', at: STATE.seqlock, expect: sequence! },
        ]);
        if (!guarded.ok) {
          seen.refused++;
          continue;
        }
        expect(mixed(guarded.reads[0]!)).toBe(false);
        seen.whole++;
        if (seen.mixtures >= 5 && seen.whole > 5_000) break;
      }
      expect(seen.mixtures).toBeGreaterThanOrEqual(5);
      expect(seen.whole).toBeGreaterThan(1_000);
    }));

  it('lists two at once, and does not guess between them', async () => {
    const driver = createDolphinDriver();
    await using gameCube = await Dolphin.start({ program: readDolphinProgram('gc') });
    await using wii = await Dolphin.start({ program: readDolphinProgram('wii') });
    const found = new Map((await driver.detect()).map((listing) => [listing.uri, listing]));
    expect(found.get(gameCube.uri)).toMatchObject({ driver: 'dolphin', state: 'ready', system: 'GC' });
    expect(found.get(wii.uri)).toMatchObject({ driver: 'dolphin', state: 'ready', system: 'Wii' });
    await expect(driver.open(undefined)).rejects.toMatchObject({ code: 'device_ambiguous' });
    await using device = await driver.open(wii.uri);
    expect(device.info.system).toBe('Wii');
  });

  it.each(['quit', 'kill'] as const)('notices that the game is gone (%s), and finds the next one', async (way) => {
    const driver = createDolphinDriver();
    await using dolphin = await Dolphin.start({ program: readDolphinProgram('gc') });
    const first = dolphin.uri;
    await using device = await driver.open(first);
    await read(device, STATE.frame);
    await dolphin[way]();
    // The memory could still be read: nothing but looking at the process tells.
    await expect(read(device, STATE.frame)).rejects.toThrow();
    expect(await device.closed).toMatchObject({ reason: 'lost', error: { code: 'device_lost' } });
    await expect(driver.open(first)).rejects.toMatchObject({ code: 'device_not_found' });

    await dolphin.load(readDolphinProgram('wii'));
    await dolphin.launch();
    await using next = await driver.open(dolphin.uri);
    expect(next.info.system).toBe('Wii');
    expect((await read(next, bus(STATE_ADDRESS, 8))).toString()).toBe(MAGIC);
  });
});
