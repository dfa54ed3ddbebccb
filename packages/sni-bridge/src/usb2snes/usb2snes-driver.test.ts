import type { Device, DeviceStatus, ReadStep, Step } from '@causeway/bridge/device';
import { VirtualClock } from '@causeway/bridge/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { putHeader } from '../testing/put-header.js';
import { FakeServer } from './testing/fake-server.js';
import { createUsb2SnesDriver } from './usb2snes-driver.js';

const WRAM = 0xf5_0000;
const RA = 'ra://127.0.0.1:55355';
const HARDWARE = 'fxpakpro://./dev/ttyACM0';
/** What tells one ROM from another, read behind everything else. */
const TITLE = [{ address: 0x7fc0, size: 0x20 }];

let server: FakeServer;
let clock: VirtualClock;
let devices: Device[];
let statuses: DeviceStatus[];

beforeEach(() => {
  server = new FakeServer();
  clock = new VirtualClock();
  devices = [];
  statuses = [];
  putHeader(server.memory, 0x7fb0, { title: 'EMBERWALK' });
});
afterEach(async () => {
  for (const device of devices) await device.close();
  await settled();
  // Nothing that ended may leave a timer behind.
  expect(clock.pending).toBe(0);
});

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

const driver = () => createUsb2SnesDriver({ clock, socketFactory: server.factory });
const open = async (target?: string): Promise<Device> => {
  const device = await driver().open(target, { onStatus: (status) => statuses.push(status) });
  devices.push(device);
  return device;
};
const read = (offset: number, size = 1, domain = 'WRAM'): ReadStep => ({ kind: 'read', at: { domain, offset }, size });
const write = (offset: number, data: Uint8Array, domain = 'WRAM'): Step => ({
  kind: 'write',
  at: { domain, offset },
  data,
});
/** Lets time pass until what is under way is over. */
const passing = async <T>(work: Promise<T>, stepMs = 100): Promise<T> => {
  let over = false;
  const watched = work.finally(() => {
    over = true;
  });
  watched.catch(() => {});
  while (!over) {
    await settled();
    if (!over) clock.pass(stepMs);
  }
  return watched;
};

describe('opening', () => {
  test('names server, console, game and memory', async () => {
    const { info } = await open();
    expect(info).toEqual({
      driver: 'usb2snes',
      uri: `usb2snes://127.0.0.1:23074/?device=${encodeURIComponent(RA)}`,
      system: 'SNES',
      rom: { system: 'SNES', title: 'EMBERWALK', hash: expect.stringMatching(/^[0-9a-f]{40}$/) },
      domains: [
        { name: 'WRAM', size: 0x2_0000 },
        { name: 'SRAM', size: 0x2000 },
        { name: 'ROM', size: 0x8_0000, writable: false },
      ],
      capabilities: new Set(),
      peer: 'SNI-0.0.100: bsnes 1.14.0',
    });
    expect(server.requests.slice(0, 5)).toEqual(['AppVersion', 'DeviceList', `Attach ${RA}`, 'Name Causeway', 'Info']);
    expect(server.urls).toEqual(['ws://127.0.0.1:23074']);
  });

  test.each([
    ['LoROM', 0x7fb0, { mode: 0x30 }],
    ['HiROM', 0xffb0, { mode: 0x21, rom: 0x0c, ram: 0x01 }],
    ['ExHiROM', 0x40_ffb0, { mode: 0x35, rom: 0x0d, ram: 0x05 }],
  ])('finds the header of %s', async (_name, address, fields) => {
    server.memory.fill(0);
    putHeader(server.memory, address, { title: 'ELSEWHERE', ...fields });
    expect((await open()).info.rom.title).toBe('ELSEWHERE');
  });

  test('takes the console that is meant, wherever it stands in the list', async () => {
    const target = `usb2snes://127.0.0.1:23074/?device=${encodeURIComponent(RA)}`;
    for (const list of [
      [RA, HARDWARE],
      [HARDWARE, RA],
    ]) {
      server.lists = [list];
      server.requests.length = 0;
      expect((await open(target)).info.uri).toBe(target);
      expect(server.requests).toContain(`Attach ${RA}`);
    }
  });

  test('waits for a console that is missing from one list', async () => {
    server.lists = [[], [HARDWARE], [HARDWARE, RA]];
    const device = await passing(open(`usb2snes://127.0.0.1/${RA}`));
    expect(device.info.uri).toContain(encodeURIComponent(RA));
  });

  test('knows a script by its kind: its name is another each time', async () => {
    server.lists = [[RA, 'luabridge://127.0.0.1:50002']];
    await open('usb2snes://127.0.0.1/?device=luabridge%3A%2F%2F127.0.0.1%3A50001');
    expect(server.requests).toContain('Attach luabridge://127.0.0.1:50002');
  });

  test('several and none chosen is for the player to decide', async () => {
    server.lists = [[RA, HARDWARE]];
    await expect(open()).rejects.toMatchObject({
      code: 'device_ambiguous',
      context: {
        choices: [RA, HARDWARE].map((name) => `usb2snes://127.0.0.1:23074/?device=${encodeURIComponent(name)}`),
      },
    });
    expect(server.requests.filter((request) => request.startsWith('Attach'))).toEqual([]);
    expect(server.connected).toBe(false);
  });

  test.each<[string, (server: FakeServer) => void, string, RegExp]>([
    ['no server', ({ faults }) => Object.assign(faults, { refused: true }), 'device_refused', /No usb2snes server/],
    ['a web server', ({ faults }) => Object.assign(faults, { foreign: true }), 'device_foreign', /no usb2snes server/],
    ['silence', ({ faults }) => Object.assign(faults, { silent: true }), 'device_timeout', /did not answer/],
    ['no console', (server) => Object.assign(server, { lists: [[]] }), 'device_not_found', /sees no console/],
    [
      'a device that does not open',
      (server) => Object.assign(server, { attachFault: 'Can not open COM3' }),
      'device_refused',
      /Can not open COM3/,
    ],
    ['zeros for a game', ({ memory }) => memory.fill(0), 'device_refused', /shows no game/],
    ['a version without words', (server) => Object.assign(server, { info: [] }), 'protocol_malformed', /empty/],
  ])('%s is told apart', async (_name, prepare, code, message) => {
    prepare(server);
    await expect(passing(open())).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(server.connected).toBe(false);
  });

  test('is given up when the caller wants it no more', async () => {
    server.faults.silent = true;
    const controller = new AbortController();
    const opening = driver().open(undefined, { signal: controller.signal });
    const outcome = expect(opening).rejects.toBe('enough');
    await settled();
    controller.abort('enough');
    await outcome;
    await settled();
    expect(server.connected).toBe(false);
  });

  test.each([
    'usb2snes://',
    'usb2snes://h:0',
    'usb2snes://h:99999',
    'usb2snes://h/?slot=1',
    'usb2snes://h/%E0%A4%A',
    'ws://h:1',
  ])('%s is no target', async (target) => {
    await expect(open(target)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('reading', () => {
  test('cuts what is long and joins what is near', async () => {
    const device = await open();
    crypto.getRandomValues(server.memory.subarray(WRAM, WRAM + 0x1_0000));
    server.reads.length = 0;
    const { reads } = await device.run([read(0, 5000), read(0x6000, 2), read(0x6010, 2)]);
    expect(reads).toEqual([
      server.memory.slice(WRAM, WRAM + 5000),
      server.memory.slice(WRAM + 0x6000, WRAM + 0x6002),
      server.memory.slice(WRAM + 0x6010, WRAM + 0x6012),
    ]);
    expect(server.reads).toEqual([
      [{ address: WRAM, size: 2048 }],
      [{ address: WRAM + 2048, size: 2048 }],
      [{ address: WRAM + 4096, size: 904 }],
      [{ address: WRAM + 0x6000, size: 18 }],
      TITLE,
    ]);
  });

  test('asks ahead, but never more than the window', async () => {
    const device = await open();
    server.faults.silent = true;
    server.reads.length = 0;
    const running = device.run(Array.from({ length: 40 }, (_, index) => read(index * 0x200)));
    await settled();
    expect(server.reads).toHaveLength(16);
    server.speak();
    expect((await running).reads).toHaveLength(40);
    expect(server.reads).toHaveLength(40 + 1);
  });

  test('counts bytes, whatever messages they come in', async () => {
    const device = await open();
    crypto.getRandomValues(server.memory.subarray(WRAM, WRAM + 0x4000));
    server.faults.messageSize = 7;
    const { reads } = await device.run([read(0, 100), read(0x1000, 33)]);
    expect(reads).toEqual([server.memory.slice(WRAM, WRAM + 100), server.memory.slice(WRAM + 0x1000, WRAM + 0x1021)]);
  });

  test('bytes nobody asked for end the device: what comes next could be taken for something else', async () => {
    const device = await open();
    server.faults.extraBytes = 1;
    await expect(device.run([read(0), read(0x1000)])).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
    expect(await device.closed).toMatchObject({ reason: 'protocol', error: { code: 'protocol_unexpected' } });
  });

  test('late bytes of a batch that was given up are never those of the next', async () => {
    const device = await open();
    server.memory.fill(0x11, WRAM, WRAM + 0x1000);
    server.memory.fill(0x22, WRAM + 0x1000, WRAM + 0x2000);
    server.faults.silent = true;
    const controller = new AbortController();
    const late = device.run([read(0, 0x800), read(0x800, 0x800)], { signal: controller.signal });
    const outcome = expect(late).rejects.toBe('enough');
    await settled();
    controller.abort('enough');
    await outcome;
    const next = device.run([read(0x1000, 4)]);
    await settled();
    server.faults.messageSize = 1000;
    server.speak();
    expect((await next).reads).toEqual([new Uint8Array(4).fill(0x22)]);
  });

  test('a silent server is paused first, and lost after half a minute', async () => {
    const device = await open();
    server.faults.silent = true;
    const reading = expect(device.run([read(0)])).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
    await settled();
    clock.pass(1000);
    expect(statuses).toEqual(['paused']);
    clock.pass(29_000);
    await reading;
    expect(await device.closed).toMatchObject({ reason: 'timeout' });
  });

  test("the server's last words are kept", async () => {
    const device = await open();
    server.close('Device error: RetroArch does not answer');
    expect(await device.closed).toMatchObject({
      reason: 'lost',
      error: { code: 'device_lost', message: expect.stringContaining('RetroArch does not answer') },
    });
    await expect(device.run([read(0)])).rejects.toMatchObject({ code: 'device_closed' });
  });
});

describe('writing', () => {
  test('is one frame for each range of 512 bytes at most, and a read behind it', async () => {
    const device = await open();
    const data = crypto.getRandomValues(new Uint8Array(1200));
    server.requests.length = 0;
    await device.run([write(0x100, data), write(0x10, Uint8Array.of(9), 'SRAM')]);
    expect(server.requests).toEqual([
      'GetAddress 7FC0 20',
      'PutAddress F50100 200',
      'PutAddress F50300 200',
      'PutAddress F50500 B0',
      'PutAddress E00010 1',
      'GetAddress E00010 1',
    ]);
    expect(server.memory.slice(WRAM + 0x100, WRAM + 0x100 + 1200)).toEqual(data);
    expect(server.memory[0xe0_0010]).toBe(9);
  });

  test('to work RAM of hardware is 256 bytes at most', async () => {
    server.lists = [[HARDWARE]];
    const device = await open();
    await device.run([write(0, new Uint8Array(600)), write(0, new Uint8Array(600), 'SRAM')]);
    expect(server.writes.map(({ data }) => data.length)).toEqual([256, 256, 88, 512, 88]);
  });

  test('waits for the server now and then', async () => {
    const device = await open();
    server.faults.silent = true;
    const writing = device.run([write(0, new Uint8Array(512 * 40))]);
    await settled();
    // Not before it is known that the ROM is still the same.
    expect(server.writes).toHaveLength(0);
    server.speak();
    server.faults.silent = true;
    await settled();
    expect(server.writes).toHaveLength(16);
    server.speak();
    await writing;
    expect(server.writes).toHaveLength(40);
  });

  test('that nobody confirms is of unknown outcome, and the device is closed', async () => {
    const device = await open();
    server.faults.silent = true;
    const writing = expect(device.run([write(0, Uint8Array.of(1))], { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'batch_outcome_unknown',
    });
    await settled();
    server.speak();
    server.faults.silent = true;
    await settled();
    expect(server.writes).toHaveLength(1);
    clock.pass(500);
    await writing;
    expect((await device.closed).reason).toBe('timeout');
  });
});

describe('another game', () => {
  test('is noticed with the next read', async () => {
    const device = await open();
    server.reads.length = 0;
    await device.run([read(0)]);
    expect(server.reads).toEqual([[{ address: WRAM, size: 1 }], TITLE]);
    putHeader(server.memory, 0x7fb0, { title: 'OTHER' });
    await expect(device.run([read(0)])).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
    expect(await device.closed).toMatchObject({ reason: 'rom_changed', error: { code: 'device_lost' } });
  });

  test('is noticed before anything is written into it', async () => {
    const device = await open();
    putHeader(server.memory, 0x7fb0, { title: 'OTHER' });
    await expect(device.run([write(0, Uint8Array.of(7))])).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
    expect(server.writes).toEqual([]);
    expect((await device.closed).reason).toBe('rom_changed');
  });

  test('is noticed when its identity is asked for', async () => {
    const device = await open();
    expect(await device.rom()).toEqual(device.info.rom);
    putHeader(server.memory, 0x7fb0, { title: 'OTHER' });
    await expect(device.rom()).rejects.toMatchObject({ code: 'device_lost', message: 'Another ROM was loaded.' });
    expect((await device.closed).reason).toBe('rom_changed');
  });

  test('is none where only zeros come: nothing is loaded, and zeros are no memory', async () => {
    const device = await open();
    server.memory.fill(0);
    await expect(device.run([read(0)])).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
    expect(await device.closed).toMatchObject({ reason: 'lost', error: { message: 'The game was closed.' } });
  });

  test('Info is asked once on hardware, and never again', async () => {
    server.lists = [[HARDWARE]];
    const device = await open();
    for (let second = 0; second < 5; second++) {
      clock.pass(1000);
      await device.run([read(0)]);
    }
    expect(server.requests.filter((request) => request === 'Info')).toHaveLength(1);
  });
});

describe('quirks', () => {
  const retroArchOfQUsb2Snes = (): void => {
    server.appVersion = 'QUsb2Snes-0.7.35';
    server.lists = [['RetroArch Localhost']];
    server.info = ['1.14.0', 'RetroArch', 'game', 'NO_FILE_CMD', 'NO_CONTROL_CMD', 'NO_ROM_READ', 'NO_ROM_WRITE'];
  };

  test('QUsb2Snes never hears of a ROM it cannot read: it would throw everybody out', async () => {
    retroArchOfQUsb2Snes();
    const device = await open();
    expect(device.info.domains.map(({ name }) => name)).toEqual(['WRAM', 'SRAM']);
    expect(device.info.rom).toEqual({ system: 'SNES', title: 'game' });
    await expect(device.run([read(0, 1, 'ROM')])).rejects.toMatchObject({ code: 'domain_unknown' });
    clock.pass(1000);
    await device.run([read(0)]);
    expect(server.reads.flat().every(({ address }) => address >= 0xe0_0000)).toBe(true);
  });

  test('memory that makes the server close twice is not asked for a third time', async () => {
    retroArchOfQUsb2Snes();
    server.endOfSram = 0xe0_2000;
    const same = driver();
    const sramOf = async (act: (device: Device) => Promise<unknown>): Promise<number | undefined> => {
      const device = await same.open(undefined);
      devices.push(device);
      await act(device);
      return device.info.domains.find(({ name }) => name === 'SRAM')?.size;
    };
    const tooFar = (device: Device) =>
      expect(device.run([read(0, 16), read(0x100, 16, 'SRAM'), read(0x2000, 21, 'SRAM')])).rejects.toMatchObject({
        code: 'batch_outcome_unknown',
      });
    expect(await sramOf(tooFar)).toBe(0x8000);
    expect(await sramOf(tooFar)).toBe(0x8000);
    const near = (device: Device) => device.run([read(0x1f00, 0x100, 'SRAM')]);
    expect(await sramOf(near)).toBe(0x2000);
    // Another game in the same console is another matter.
    server.info = ['1.14.0', 'RetroArch', 'other', 'NO_ROM_READ'];
    expect(await sramOf(near)).toBe(0x8000);
  });

  test('a server that closes on memory it had shown before takes nothing away', async () => {
    const same = driver();
    for (let time = 0; time < 4; time++) {
      const device = await same.open(undefined);
      devices.push(device);
      await device.run([read(0x1f00, 4, 'SRAM')]);
      server.faults.silent = true;
      const reading = expect(device.run([read(0x1f00, 4, 'SRAM')])).rejects.toMatchObject({
        code: 'batch_outcome_unknown',
      });
      await settled();
      server.close('RetroArch is gone');
      await reading;
      server.faults.silent = false;
      expect(device.info.domains.find(({ name }) => name === 'SRAM')?.size).toBe(0x2000);
    }
  });

  test('another game shows itself there by its name', async () => {
    retroArchOfQUsb2Snes();
    const device = await open();
    server.info = ['1.14.0', 'RetroArch', 'other', 'NO_ROM_READ'];
    clock.pass(1000);
    await expect(device.run([read(0)])).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
    expect((await device.closed).reason).toBe('rom_changed');
  });

  test('where only its name tells a game, it is asked for once a second, and before every write', async () => {
    retroArchOfQUsb2Snes();
    const device = await open();
    server.requests.length = 0;
    for (let half = 0; half < 4; half++) {
      await device.run([read(0)]);
      clock.pass(500);
    }
    expect(server.requests.filter((request) => request === 'Info')).toHaveLength(1);
    server.info = ['1.14.0', 'RetroArch', 'other', 'NO_ROM_READ'];
    await expect(device.run([write(0, Uint8Array.of(7))])).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
    expect(server.writes).toEqual([]);
  });

  test('small ranges share a command of the cartridge behind QUsb2Snes, and nowhere else', async () => {
    const batch = Array.from({ length: 10 }, (_, index) => read(index * 0x200, index === 4 ? 0x100 : 0xff));
    const sizes = async (name: string, app: string): Promise<number[]> => {
      server.lists = [[name]];
      server.appVersion = app;
      const device = await open();
      server.reads.length = 0;
      await device.run(batch);
      return server.reads.map((ranges) => ranges.length);
    };
    expect(await sizes('SD2SNES COM3', 'QUsb2Snes-0.7.35')).toEqual([4, 1, 5 + 1]);
    expect(await sizes(HARDWARE, 'SNI-0.0.100')).toEqual(Array.from({ length: 10 + 1 }, () => 1));
    expect(await sizes('EmuNWA Snes9x', 'QUsb2Snes-0.7.35')).toEqual(Array.from({ length: 10 + 1 }, () => 1));
    expect(await sizes('retroarch://127.0.0.1:55355', 'Causeway-1.0.0')).toEqual([10 + 1]);
  });

  test.each([
    ['SNI-0.0.100', RA, undefined],
    ['SNI-0.0.100', 'emunwa://127.0.0.1:48879', 0x2000],
    ['QUsb2Snes-0.7.35', 'RetroArch Localhost', 0x2000],
    ['QUsb2Snes-0.7.35', `SNI-0.0.100 - ${RA}`, undefined],
    ['Causeway-1.0.0', 'retroarch://127.0.0.1:55355', 0x2000],
  ])('%s with %s: save RAM of HiROM games has %s bytes', async (app, name, size) => {
    server.appVersion = app;
    server.lists = [[name]];
    server.memory.fill(0);
    putHeader(server.memory, 0xffb0, { title: 'HIGH', mode: 0x31 });
    const { domains } = (await open()).info;
    expect(domains.find((domain) => domain.name === 'SRAM')?.size).toBe(size);
  });

  test.each([
    [RA, 0x40_0000],
    ['retroarch://127.0.0.1:55355', 0x40_0000],
    ['emunwa://127.0.0.1:48879', 0x80_0000],
    [HARDWARE, 0x80_0000],
  ])('%s shows of an ExHiROM %i bytes', async (name, size) => {
    server.lists = [[name]];
    server.memory.fill(0);
    putHeader(server.memory, 0x40_ffb0, { title: 'LARGE', mode: 0x35, rom: 0x0d });
    const { domains } = (await open()).info;
    expect(domains.find((domain) => domain.name === 'ROM')?.size).toBe(size);
  });

  test('a chip on the cartridge leaves RetroArch its work RAM, and hardware everything but that', async () => {
    putHeader(server.memory, 0x7fb0, { title: 'CHIP', mode: 0x23, type: 0x34 });
    expect((await open()).info.domains.map(({ name }) => name)).toEqual(['WRAM']);
    server.lists = [[HARDWARE]];
    expect((await open()).info.domains.map(({ name }) => name)).toEqual(['SRAM', 'ROM']);
  });

  test('only RetroArch is known not to write ROM', async () => {
    server.lists = [['emunwa://127.0.0.1:48879']];
    const device = await open();
    await device.run([write(0x100, Uint8Array.of(1), 'ROM')]);
    expect(server.memory[0x100]).toBe(1);
  });
});

describe('listing', () => {
  test('attaches to nothing, and a busy console in one of two lists is there', async () => {
    server.lists = [[RA], [HARDWARE, RA]];
    const found = await driver().detect();
    expect(found.map(({ uri, state, system, peer }) => ({ uri, state, system, peer }))).toEqual(
      [RA, HARDWARE].map((name) => ({
        uri: `usb2snes://127.0.0.1:23074/?device=${encodeURIComponent(name)}`,
        state: 'ready',
        system: 'SNES',
        peer: `SNI-0.0.100: ${name}`,
      })),
    );
    expect(server.requests).toEqual(['AppVersion', 'DeviceList', 'DeviceList']);
    await settled();
    expect(server.connected).toBe(false);
  });

  test('leaves out names that are none', async () => {
    server.lists = [['', '\ud800', RA]];
    const found = await driver().detect();
    expect(found.map(({ uri }) => uri)).toEqual([`usb2snes://127.0.0.1:23074/?device=${encodeURIComponent(RA)}`]);
  });

  test.each<[string, (server: FakeServer) => void, readonly object[]]>([
    ['nothing there', ({ faults }) => Object.assign(faults, { refused: true }), []],
    ['a web server', ({ faults }) => Object.assign(faults, { foreign: true }), [{ state: 'foreign' }]],
    ['silence', ({ faults }) => Object.assign(faults, { silent: true }), [{ state: 'silent' }]],
    ['no console', (server) => Object.assign(server, { lists: [[]] }), [{ state: 'silent', peer: 'SNI-0.0.100' }]],
  ])('%s', async (_name, prepare, expected) => {
    prepare(server);
    expect(await passing(driver().detect())).toMatchObject(expected);
  });

  test('is not kept waiting by a server that answers once and falls silent', async () => {
    Object.defineProperty(server, 'lists', {
      get: () => {
        server.faults.silent = server.requests.filter((request) => request === 'DeviceList').length > 1;
        return [[RA]];
      },
    });
    expect(await passing(driver().detect())).toMatchObject([{ state: 'ready' }]);
    expect(server.faults.silent).toBe(true);
  });
});

test('any batch gives what stands in memory, however the answers are cut', async () => {
  const device = await open();
  crypto.getRandomValues(server.memory.subarray(WRAM, WRAM + 0x8000));
  const place = fc.record({ offset: fc.nat(0x7000), size: fc.integer({ min: 1, max: 0x1000 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(place, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 50, max: 5000 }),
      async (places, cut) => {
        server.faults.messageSize = cut;
        const { reads } = await device.run(places.map(({ offset, size }) => read(offset, size)));
        expect(reads).toEqual(
          places.map(({ offset, size }) => server.memory.slice(WRAM + offset, WRAM + offset + size)),
        );
      },
    ),
    { numRuns: 40 },
  );
});
