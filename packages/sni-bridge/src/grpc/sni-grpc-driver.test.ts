import { createServer } from 'node:net';
import { type Device, type OpenOptions, type Step, supports } from '@causeway/bridge/device';
import { VirtualClock } from '@causeway/bridge/testing';
import { Field, type MultiReadMemoryRequest } from '@causeway/protocol/sni';
import { status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { putHeader } from '../testing/put-header.js';
import { createSniGrpcDriver } from './sni-grpc-driver.js';
import { sniUri } from './sni-target.js';
import { FakeSni, RA, Refusal, retroarchDevice, unknown } from './testing/fake-sni.js';

const WRAM = 0xf5_0000;
const coded = (code: string) => expect.objectContaining({ code });
const read = (domain: string, offset: number, size: number): Step => ({ kind: 'read', at: { domain, offset }, size });
const write = (offset: number, data: Uint8Array): Step => ({ kind: 'write', at: { domain: 'WRAM', offset }, data });

let sni: FakeSni;
let clock: VirtualClock;
let port: number;
const uriOf = (device?: string): string =>
  sniUri({ endpoint: { host: '127.0.0.1', port }, ...(device === undefined ? {} : { device }) });
const driver = () => createSniGrpcDriver({ endpoints: [{ host: '127.0.0.1', port }], clock });
const open = (options?: OpenOptions): Promise<Device> => driver().open(uriOf(RA), options);
const callsOf = (name: string) => sni.calls.filter((call) => call.name === name);
const rangesOf = (call: { readonly request: unknown } | undefined): readonly number[] =>
  (call?.request as MultiReadMemoryRequest | undefined)?.requests.map(({ size }) => size) ?? [];
/** Lets time pass again and again until the work is done. */
const inTime = async <T>(work: Promise<T>, ms: number): Promise<T> => {
  let done = false;
  const note = (): void => {
    done = true;
  };
  work.then(note, note);
  await vi.waitUntil(
    () => {
      if (!done) clock.pass(ms);
      return done;
    },
    { interval: 5, timeout: 10_000 },
  );
  return work;
};

beforeEach(async () => {
  sni = new FakeSni();
  putHeader(sni.memory, 0x7fb0);
  clock = new VirtualClock();
  port = await sni.start();
});
afterEach(() => sni.stop());

describe('finding consoles through SNI', () => {
  it('lists what it has, by URI', async () => {
    const lua = 'luabridge://127.0.0.1:50000';
    sni.devices.push({ uri: lua, displayName: 'Snes9x', kind: 'luabridge', capabilities: [2] });
    expect(await driver().detect()).toEqual([
      { uri: uriOf(RA), driver: 'sni', state: 'ready', system: 'SNES', peer: `RetroArch at ${RA} through SNI` },
      expect.objectContaining({ uri: uriOf(lua), state: 'incompatible' }),
    ]);
    expect(uriOf(RA)).toBe(`sni://127.0.0.1:${port}/?device=ra%3A%2F%2F127.0.0.1%3A55355`);
    expect(sni.calls.map(({ name }) => name)).toEqual(['ListDevices']);
    expect(clock.pending).toBe(0);
  });

  it('says that SNI runs when it sees nothing', async () => {
    sni.devices = [];
    expect(await driver().detect()).toMatchObject([{ uri: uriOf(), state: 'silent', detail: /sees no console/ }]);
  });

  it('finds nothing where nothing listens', async () => {
    sni.stop();
    expect(await driver().detect()).toEqual([]);
  });

  it('tells another program from SNI, and does not wait for ever for one that says nothing', async () => {
    for (const [greeting, state] of [
      ['HTTP/1.1 400 Bad Request\r\n\r\n', 'foreign'],
      ['', 'silent'],
    ] as const) {
      const other = createServer((socket) => {
        socket.on('error', () => {});
        if (greeting) socket.end(greeting);
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const { port: otherPort } = other.address() as { port: number };
      const own = createSniGrpcDriver({ endpoints: [{ host: '127.0.0.1', port: otherPort }], clock });
      expect(await inTime(own.detect(), greeting ? 0 : 1_000)).toMatchObject([{ state }]);
      if (state === 'foreign') await expect(own.open(undefined)).rejects.toEqual(coded('device_foreign'));
      other.close();
    }
  });

  it('stops when it is told to', async () => {
    sni.meddle = () => new Promise(() => {});
    const controller = new AbortController();
    const found = driver().detect({ signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(found).rejects.toBe(reason);
  });
});

describe('opening a console through SNI', () => {
  it('reads its header, and knows its memory by it', async () => {
    await using device = await open();
    expect(device.info).toMatchObject({ driver: 'sni', uri: uriOf(RA), system: 'SNES' });
    expect(device.info.rom).toEqual({ system: 'SNES', title: 'TESTGAME', hash: '1234abcd' });
    expect(device.info.domains).toEqual([
      { name: 'WRAM', size: 0x20000, writable: true },
      { name: 'SRAM', size: 0x2000, writable: true },
      { name: 'ROM', size: 0x80000, writable: false },
    ]);
    for (const { request } of callsOf('MultiRead'))
      for (const one of (request as MultiReadMemoryRequest).requests) expect(one.requestAddressSpace).toBe(0);
  });

  it('takes the only one without being told, and asks where there are several', async () => {
    await using device = await driver().open(uriOf());
    expect(device.info.uri).toBe(uriOf(RA));
    const other = 'ra://127.0.0.1:55356';
    sni.devices.push(retroarchDevice(other));
    const error = await driver()
      .open(undefined)
      .catch((caught: unknown) => caught);
    expect(error).toEqual(coded('device_ambiguous'));
    expect((error as Error).message).toContain(uriOf(other));
    await using second = await driver().open(uriOf(other));
    expect(second.info.uri).toBe(uriOf(other));
  });

  it('believes one list without it not at once', async () => {
    const all = sni.devices;
    let lists = 0;
    sni.meddle = (name) => (name === 'ListDevices' && ++lists < 3 ? { devices: [] } : undefined);
    await using device = await inTime(open(), 100);
    expect(device.info.uri).toBe(uriOf(RA));
    sni.devices = [];
    await expect(inTime(open(), 100)).rejects.toEqual(coded('device_not_found'));
    sni.devices = all;
  });

  it('knows the only script again by another port', async () => {
    sni.devices = [{ uri: 'luabridge://127.0.0.1:50001', kind: 'luabridge', capabilities: [1, 2] }];
    await using device = await driver().open(uriOf('luabridge://127.0.0.1:40000'));
    expect(device.info.uri).toBe(uriOf('luabridge://127.0.0.1:50001'));
  });

  it('believes no zeros', async () => {
    sni.memory.fill(0);
    await expect(open()).rejects.toEqual(coded('device_timeout'));
    sni.memory[WRAM + 0x1ff] = 1;
    await using device = await open();
    expect(device.info.domains.map(({ name }) => name)).toEqual(['WRAM']);
  });

  it.each([
    ['HiROM', 0xffb0, { mode: 0x31 }, 'retroarch', ['WRAM', 'ROM']],
    ['HiROM', 0xffb0, { mode: 0x31 }, 'emunwa', ['WRAM', 'SRAM', 'ROM']],
    ['ExHiROM', 0x40_ffb0, { mode: 0x35 }, 'retroarch', ['WRAM', 'SRAM', 'ROM']],
    ['SA-1', 0x7fb0, { mode: 0x23, type: 0x35 }, 'retroarch', ['WRAM']],
    ['SA-1', 0x7fb0, { mode: 0x23, type: 0x35 }, 'fxpakpro', ['SRAM', 'ROM', 'VRAM', 'APURAM', 'CGRAM', 'OAM']],
    ['CX4', 0x7fb0, { type: 0xf3 }, 'fxpakpro', ['SRAM', 'ROM', 'VRAM', 'APURAM', 'CGRAM', 'OAM']],
    ['CX4', 0x7fb0, { type: 0xf3 }, 'retroarch', ['WRAM', 'SRAM', 'ROM']],
    ['DSP', 0x7fb0, { type: 0x05 }, 'fxpakpro', ['WRAM', 'SRAM', 'ROM', 'VRAM', 'APURAM', 'CGRAM', 'OAM']],
    ['no save', 0x7fb0, { ram: 0 }, 'luabridge', ['WRAM', 'ROM']],
  ] as const)('gives only memory that is there: %s at %i', async (_name, offset, traits, kind, domains) => {
    sni.memory.fill(0);
    putHeader(sni.memory, offset, traits);
    sni.memory[WRAM] = 1;
    sni.devices = [{ ...retroarchDevice(), kind }];
    await using device = await open();
    expect(device.info.domains.map(({ name }) => name)).toEqual(domains);
  });

  it('writes nothing where SNI cannot', async () => {
    sni.devices = [{ ...retroarchDevice(), kind: 'luabridge', capabilities: [1] }];
    await using device = await open();
    expect(device.info.domains.map(({ writable }) => writable)).toEqual([false, false, false]);
  });

  it.each([
    ['retroarch', 0x40_0000],
    ['emunwa', 0x80_0000],
  ])('shows of an ExHiROM in %s what can be read', async (kind, size) => {
    sni.memory.fill(0);
    putHeader(sni.memory, 0x40_ffb0, { mode: 0x35, rom: 13 });
    sni.devices = [{ ...retroarchDevice(), kind }];
    await using device = await open();
    const rom = device.info.domains.find(({ name }) => name === 'ROM');
    expect(rom?.size).toBe(size);
  });

  it('says so when no game is loaded', async () => {
    sni.fields = { [Field.DeviceStatus]: 'CONTENTLESS' };
    await expect(open()).rejects.toEqual(coded('device_timeout'));
  });

  it('asks for all fields at once: SNI forgets names otherwise', async () => {
    await using _ = await open();
    const [asked] = callsOf('FetchFields');
    expect(asked?.request).toMatchObject({ fields: [0, 1, 2, 20, 21, 22, 40, 41, 42] });
  });

  it('reports what SNI says, in our words', async () => {
    sni.meddle = (name) => {
      if (name === 'ListDevices') throw new Refusal(status.UNIMPLEMENTED, 'unknown service Devices');
      return undefined;
    };
    await expect(open()).rejects.toEqual(coded('device_unsupported'));
    sni.stop();
    await expect(open()).rejects.toMatchObject({ code: 'device_refused', fix: expect.stringContaining('Start SNI') });
    for (const uri of ['sni://', 'sni://h:0', 'sni://h/?device=%zz', 'sni://h/?other=1', 'http://h'])
      await expect(driver().open(uri), uri).rejects.toEqual(coded('usage'));
  });
});

describe('a console through SNI', () => {
  it('reads many regions in one request of short ranges', async () => {
    sni.memory.forEach((_, at) => {
      if (at >= WRAM) sni.memory[at] = (at * 31) & 0xff;
    });
    await using device = await open();
    sni.calls.length = 0;
    const { reads, ok } = await device.run([read('WRAM', 0x1_0000, 5000), read('WRAM', 4, 2), read('ROM', 0x7fc0, 8)]);
    expect(ok).toBe(true);
    expect(reads[0]).toEqual(sni.memory.slice(WRAM + 0x1_0000, WRAM + 0x1_0000 + 5000));
    expect(reads[1]).toEqual(sni.memory.slice(WRAM + 4, WRAM + 6));
    expect(new TextDecoder().decode(reads[2])).toBe('TESTGAME');
    expect(callsOf('MultiRead')).toHaveLength(1);
    expect(Math.max(...rangesOf(callsOf('MultiRead')[0]))).toBeLessThanOrEqual(2048);
  });

  it('reads any regions as the memory has them', async () => {
    await using device = await open();
    sni.memory.forEach((_, at) => {
      if (at >= 0xe0_0000) sni.memory[at] = (at * 7 + (at >> 8)) & 0xff;
    });
    const bases = { WRAM, SRAM: 0xe0_0000 };
    const region = fc.record({
      domain: fc.constantFrom('WRAM' as const, 'SRAM' as const),
      offset: fc.integer({ min: 0, max: 0x1f00 }),
      size: fc.integer({ min: 1, max: 0x100 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(region, { minLength: 1, maxLength: 40 }), async (regions) => {
        const { reads } = await device.run(regions.map(({ domain, offset, size }) => read(domain, offset, size)));
        const truth = regions.map(({ domain, offset, size }) =>
          sni.memory.slice(bases[domain] + offset, bases[domain] + offset + size),
        );
        expect(reads.map((bytes) => Uint8Array.from(bytes))).toEqual(truth);
      }),
      { numRuns: 30 },
    );
  });

  it('asks an NWA emulator for one memory per request', async () => {
    sni.devices = [{ ...retroarchDevice(), kind: 'emunwa' }];
    await using device = await open();
    sni.calls.length = 0;
    await device.run([read('WRAM', 0, 1), read('SRAM', 0, 1), read('WRAM', 0x1000, 1)]);
    expect(callsOf('MultiRead').map((call) => rangesOf(call).length)).toEqual([2, 1, 1]);
  });

  it.each([
    ['retroarch', [512, 512, 176]],
    ['fxpakpro', [256, 256, 256, 256, 176]],
  ] as const)('writes in pieces that are safe for %s', async (kind, pieces) => {
    sni.devices = [{ ...retroarchDevice(), kind }];
    await using device = await open();
    const data = Uint8Array.from({ length: 1200 }, (_, index) => index & 0xff);
    await device.run([write(0x10, data)]);
    const asked = callsOf('MultiWrite').map(({ request }) =>
      (request as { requests: { data: Uint8Array }[] }).requests.map(({ data: { length } }) => length),
    );
    expect(asked).toEqual(pieces.map((size) => [size]));
    expect(sni.memory.slice(WRAM + 0x10, WRAM + 0x10 + 1200)).toEqual(data);
  });

  it('never takes a wrong size for a right one, and lives on', async () => {
    await using device = await open();
    sni.meddle = (name) => (name === 'MultiRead' ? { responses: [{ data: new Uint8Array(1) }, {}] } : undefined);
    await expect(device.run([read('WRAM', 0, 4)])).rejects.toEqual(coded('batch_step_failed'));
    sni.meddle = (name) => (name === 'MultiWrite' ? { responses: [{ size: 1 }] } : undefined);
    await expect(device.run([write(0, Uint8Array.of(1, 2))])).rejects.toEqual(coded('batch_step_failed'));
    sni.meddle = () => undefined;
    expect((await device.run([read('WRAM', 0, 4)])).ok).toBe(true);
  });

  it('survives one failure, because SNI opens a console anew', async () => {
    await using device = await open();
    let failures = 1;
    sni.meddle = (name) => {
      if (name === 'MultiRead' && failures-- > 0) throw unknown('read udp: use of closed network connection');
      return undefined;
    };
    expect((await inTime(device.run([read('WRAM', 0, 1)]), 100)).ok).toBe(true);
  });

  it('is lost when it fails again', async () => {
    const device = await open();
    sni.meddle = (name) => {
      if (name === 'MultiRead') throw unknown('device is closed');
      return undefined;
    };
    await expect(inTime(device.run([read('WRAM', 0, 1)]), 100)).rejects.toEqual(coded('batch_outcome_unknown'));
    expect(await device.closed).toMatchObject({ reason: 'lost', error: coded('device_lost') });
    expect(clock.pending).toBe(0);
  });

  it('is not lost when one place cannot be read', async () => {
    await using device = await open();
    sni.meddle = (name) => {
      if (name === 'MultiRead') throw unknown('retroarch: -1 no memory map defined');
      return undefined;
    };
    await expect(device.run([read('WRAM', 0, 1)])).rejects.toEqual(coded('batch_step_failed'));
    expect(device.status).toBe('running');
  });

  it('is asked again while it is slow', async () => {
    await using device = await open();
    let failures = 5;
    sni.meddle = (name) => {
      if (name === 'MultiRead' && failures-- > 0) throw unknown('context deadline exceeded');
      return undefined;
    };
    expect((await inTime(device.run([read('WRAM', 0, 1)]), 100)).ok).toBe(true);
  });

  it('never writes twice', async () => {
    const device = await open();
    sni.meddle = (name) => {
      if (name === 'MultiWrite') throw unknown('timeout');
      return undefined;
    };
    await expect(inTime(device.run([write(0, Uint8Array.of(1))]), 100)).rejects.toEqual(coded('batch_outcome_unknown'));
    expect(callsOf('MultiWrite')).toHaveLength(1);
    expect((await device.closed).reason).toBe('lost');
  });

  it.each(['read', 'write'] as const)('trusts nothing after another game was loaded: %s', async (kind) => {
    const device = await open();
    putHeader(sni.memory, 0x7fb0, { title: 'OTHER' });
    const step = kind === 'read' ? read('WRAM', 0, 1) : write(0, Uint8Array.of(1));
    await expect(device.run([step])).rejects.toEqual(coded('batch_outcome_unknown'));
    expect(await device.closed).toMatchObject({ reason: 'rom_changed', error: coded('device_lost') });
    expect(callsOf('MultiWrite')).toHaveLength(0);
  });

  it('looks at the ROM behind all that it vouches for, ROM or not', async () => {
    await using device = await open();
    sni.calls.length = 0;
    await device.run([read('ROM', 0x1000, 1), read('WRAM', 0, 2), read('ROM', 0x7fb0, 3)]);
    const ranges = callsOf('MultiRead').flatMap(rangesOf);
    expect(ranges).toEqual([1, 3, 2, 0x50]);
  });

  it('ends when the ROM turns to zeros: the game was closed', async () => {
    const device = await open();
    sni.memory.fill(0);
    await expect(device.run([read('WRAM', 0, 1)])).rejects.toBeInstanceOf(Error);
    expect(await device.closed).toMatchObject({ reason: 'lost' });
  });

  it('notices a ROM that only its hash tells apart, and a pause', async () => {
    const statuses: string[] = [];
    const device = await open({ onStatus: (now) => statuses.push(now) });
    sni.fields = { ...sni.fields, [Field.DeviceStatus]: 'PAUSED' };
    clock.pass(1_000);
    await device.run([read('WRAM', 0, 1)]);
    expect(statuses).toEqual(['paused']);
    sni.fields = { ...sni.fields, [Field.RomHashValue]: 'ffff' };
    clock.pass(1_000);
    await expect(device.run([read('WRAM', 0, 1)])).rejects.toBeInstanceOf(Error);
    expect((await device.closed).reason).toBe('rom_changed');
  });

  it('pauses the game and lets it go on, where SNI can', async () => {
    await using without = await open();
    expect(supports(without, 'pause')).toBe(false);
    sni.devices = [{ ...retroarchDevice(), kind: 'emunwa', capabilities: [1, 2, 5] }];
    await using device = await open();
    if (!supports(device, 'pause')) throw new TypeError('cannot pause');
    await device.setPaused(true);
    await device.setPaused(false);
    expect(callsOf('PauseUnpauseEmulation').map(({ request }) => request)).toEqual([
      expect.objectContaining({ uri: RA, paused: true }),
      expect.objectContaining({ uri: RA, paused: false }),
    ]);
  });

  it('is let go of, never cancelled', async () => {
    await using device = await open();
    let release: () => void = () => {};
    sni.meddle = (name) =>
      name === 'MultiRead' ? new Promise<void>((resolve) => (release = () => resolve())) : undefined;
    const controller = new AbortController();
    const left = device.run([read('WRAM', 0, 1)], { signal: controller.signal });
    await vi.waitUntil(() => callsOf('MultiRead').length > 3);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(left).rejects.toBe(reason);
    sni.meddle = () => undefined;
    const next = device.run([read('WRAM', 0, 1)]);
    const before = callsOf('MultiRead').length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(callsOf('MultiRead')).toHaveLength(before);
    release();
    expect((await next).ok).toBe(true);
  });

  it('has no answer for hostile bytes but a coded error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (bytes) => {
        sni.meddle = () => undefined;
        const device = await open();
        sni.meddle = (name) => (name === 'MultiRead' ? bytes : undefined);
        const result = await inTime(
          device.run([read('WRAM', 0, 4)]).catch((error: unknown) => error),
          100,
        );
        expect(result).toMatchObject({ code: expect.stringMatching(/^(batch|protocol|device)_/) });
        await device.close();
      }),
      { numRuns: 25 },
    );
  });
});
