import { type Device, type OpenOptions, type Step, supports } from '@causeway/bridge/device';
import { VirtualClock } from '@causeway/bridge/testing';
import { nwaError } from '@causeway/protocol/nwa';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { putHeader } from '../testing/put-header.js';
import { createNwaDriver } from './nwa-driver.js';
import { FakeNwa } from './testing/fake-nwa.js';

const URI = 'nwa://127.0.0.1:48879';
const coded = (code: string) => expect.objectContaining({ code });
const read = (domain: string, offset: number, size: number): Step => ({ kind: 'read', at: { domain, offset }, size });
const write = (offset: number, ...data: number[]): Step => ({
  kind: 'write',
  at: { domain: 'WRAM', offset },
  data: Uint8Array.from(data),
});
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Lets everything settle that needs no time. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let emulator: FakeNwa;
let clock: VirtualClock;
const driver = (port = 48879) => createNwaDriver({ socketFactory: emulator.at(port), clock });
const open = (options?: OpenOptions): Promise<Device> => driver().open(URI, options);
const wram = (): Uint8Array => emulator.memories.get('WRAM')!;
/** A promise under time that a test lets pass. */
const overdue = async <T>(work: Promise<T>, ms: number): Promise<T> => {
  work.catch(() => {});
  await settled();
  clock.pass(ms);
  return work;
};

beforeEach(() => {
  emulator = new FakeNwa();
  clock = new VirtualClock();
});

describe('finding NWA emulators', () => {
  it('lists one with its game, and leaves it alone afterwards', async () => {
    expect(await driver(48881).detect()).toEqual([
      {
        uri: 'nwa://127.0.0.1:48881',
        driver: 'nwa',
        state: 'ready',
        system: 'SNES',
        rom: { system: 'SNES', title: 'Testgame' },
        peer: 'Fake 1',
      },
    ]);
    expect(emulator.clients).toBe(0);
    expect(emulator.got.map(({ name }) => name)).toEqual(['EMULATOR_INFO', 'EMULATION_STATUS', 'CORE_CURRENT_INFO']);
    expect(clock.pending).toBe(0);
  });

  it('finds nothing where nothing listens', async () => {
    expect(await driver(1).detect()).toEqual([]);
    await expect(driver(1).open(undefined)).rejects.toEqual(coded('device_not_found'));
    await expect(driver(1).open(URI)).rejects.toEqual(coded('device_refused'));
  });

  it.each([
    ['no game', { state: 'no_game' }, 'silent', 'device_timeout'],
    ['another system', { platform: 'NES' }, 'incompatible', 'device_incompatible'],
    ['no memory', { commands: 'EMULATION_PAUSE' }, 'incompatible', 'device_incompatible'],
    ['no room', { door: 'hang-up' }, 'busy', 'device_busy'],
    ['an HTTP server', { answer: () => ascii('HTTP/1.1 400 Bad Request') }, 'foreign', 'device_foreign'],
    ['nonsense', { answer: () => ascii('\nhello:there\n\n') }, 'foreign', 'device_foreign'],
  ] as const)('says of %s what it is', async (_name, traits, state, code) => {
    Object.assign(emulator, traits);
    const [listing] = await driver().detect();
    expect(listing).toMatchObject({ uri: URI, state });
    expect(listing?.detail).toContain(URI);
    await expect(open()).rejects.toEqual(coded(code));
    await expect(driver().open(undefined)).rejects.toEqual(coded(code));
    expect(emulator.clients).toBe(0);
  });

  it('names the other system', async () => {
    emulator.platform = 'NES';
    await expect(open()).rejects.toThrow(/NES, not SNES/);
  });

  it('does not wait for ever for one that says nothing', async () => {
    emulator.door = 'mute';
    const found = await overdue(driver().detect(), 800);
    expect(found).toMatchObject([{ uri: URI, state: 'silent' }]);
    await expect(overdue(open(), 5_000)).rejects.toEqual(coded('device_timeout'));
    expect(emulator.clients).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('stops when it is told to', async () => {
    emulator.door = 'mute';
    const controller = new AbortController();
    const found = driver().detect({ signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(found).rejects.toBe(reason);
    await settled();
    expect(emulator.clients).toBe(0);
  });

  it('lets go of what it found when it is told to stop while others are silent', async () => {
    const silent = () => ({ send: () => {}, end: () => {}, destroy: () => {} });
    const present = emulator.at(48879);
    const endpoints = [48879, 48880].map((port) => ({ host: '127.0.0.1', port }));
    const socketFactory: typeof present = (place, events) => (place.port === 48879 ? present(place, events) : silent());
    const controller = new AbortController();
    const found = createNwaDriver({ socketFactory, clock, endpoints }).detect({ signal: controller.signal });
    found.catch(() => {});
    await settled();
    controller.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
    await settled();
    expect(emulator.got).not.toEqual([]);
    expect(emulator.clients).toBe(0);
  });

  it('looks at many places without a word of warning', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', note);
    const { signal } = new AbortController();
    const endpoints = Array.from({ length: 20 }, (_, index) => ({ host: '127.0.0.1', port: 48879 + index }));
    const found = await createNwaDriver({ socketFactory: emulator.at(48879), clock, endpoints }).detect({ signal });
    expect(found).toHaveLength(1);
    await settled();
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('takes a machine that never answers for one without emulator', async () => {
    const socketFactory = () => ({ send: () => {}, end: () => {}, destroy: () => {} });
    const nowhere = createNwaDriver({ socketFactory, clock });
    expect(await overdue(nowhere.detect(), 800)).toEqual([]);
    await expect(overdue(nowhere.open(URI), 5_000)).rejects.toEqual(coded('device_refused'));
  });

  it('has one deadline for all of opening', async () => {
    emulator.holding = true;
    emulator.answer = ({ name }) => (name === 'CORE_MEMORIES' ? 'silence' : undefined);
    const opening = open({ timeoutMs: 1_000 });
    opening.catch(() => {});
    await settled();
    clock.pass(600);
    emulator.release();
    await expect(overdue(opening, 400)).rejects.toEqual(coded('device_timeout'));
    expect(emulator.clients).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('refuses what is no address', async () => {
    for (const uri of ['nwa://', 'nwa://a b', 'nwa://h:0', 'nwa://h:70000', 'tcp://h:1', 'nwa://h:1/x'])
      await expect(driver().open(uri), uri).rejects.toEqual(coded('usage'));
  });
});

describe('an NWA device', () => {
  it('has the memories of the core under their canonical names', async () => {
    emulator.memories.set('VRAM', new Uint8Array(0x10000));
    emulator.memories.set('SRAM', new Uint8Array(0));
    await using device = await open();
    expect(device.info).toMatchObject({ driver: 'nwa', uri: URI, system: 'SNES', peer: 'Fake 1 over NWA' });
    expect(device.info.domains).toEqual([
      { name: 'WRAM', size: 0x20000, writable: true },
      { name: 'ROM', size: 0x10000, writable: false },
      { name: 'VRAM', size: 0x10000, writable: true },
    ]);
    expect(emulator.got.some(({ name, args }) => name === 'MY_NAME_IS' && args[0] === 'Causeway')).toBe(true);
  });

  it('is known by the title in the ROM, and by the name of the game where there is none', async () => {
    await using plain = await open();
    expect(plain.info.rom).toEqual({ system: 'SNES', title: 'Testgame' });
    putHeader(emulator.memories.get('CARTROM')!, 0x7fb0, { title: 'INSIDE' });
    expect(await plain.rom()).toEqual({ system: 'SNES', title: 'INSIDE' });
    emulator.memories.set('CARTROM', new Uint8Array(0));
    emulator.commands = 'CORE_READ,CORE_MEMORIES';
    emulator.answer = ({ name }) => (name === 'GAME_INFO' ? nwaError('invalid_command', 'no') : undefined);
    await using nameless = await open();
    expect(nameless.info.rom).toEqual({ system: 'SNES' });
  });

  it('cannot be had without work RAM', async () => {
    emulator.memories.delete('WRAM');
    await expect(open()).rejects.toEqual(coded('device_incompatible'));
    expect(emulator.clients).toBe(0);
  });

  it('reads in few commands of at most eight ranges each', async () => {
    wram().forEach((_, index, all) => {
      all[index] = index & 0xff;
    });
    await using device = await open();
    emulator.got.length = 0;
    const batch = Array.from({ length: 20 }, (_, index) => read('WRAM', index * 0x100, 2));
    const { ok, reads } = await device.run(batch);
    expect(ok).toBe(true);
    expect(reads).toEqual(batch.map(() => Uint8Array.of(0, 1)));
    const asked = emulator.got.filter(({ name }) => name === 'CORE_READ').map(({ args }) => (args.length - 1) / 2);
    expect(asked).toEqual([8, 8, 4]);
  });

  it('reads any regions as the memory has them', async () => {
    await using device = await open();
    for (const memory of emulator.memories.values()) memory.set(memory.map((_, at) => (at * 7 + (at >> 8)) & 0xff));
    const region = fc.record({
      domain: fc.constantFrom('WRAM', 'SRAM', 'ROM'),
      offset: fc.integer({ min: 0, max: 0x1f00 }),
      size: fc.integer({ min: 1, max: 0x100 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(region, { minLength: 1, maxLength: 30 }), async (regions) => {
        const { reads } = await device.run(regions.map(({ domain, offset, size }) => read(domain, offset, size)));
        const names = { WRAM: 'WRAM', SRAM: 'SRAM', ROM: 'CARTROM' } as const;
        const truth = regions.map(({ domain, offset, size }) =>
          emulator.memories.get(names[domain as keyof typeof names])!.slice(offset, offset + size),
        );
        expect(reads.map((bytes) => Uint8Array.from(bytes))).toEqual(truth);
      }),
      { numRuns: 50 },
    );
  });

  it('goes on with one range per command where an emulator serves only the first', async () => {
    wram().set([1, 2, 3, 4], 0);
    wram().set([9, 8], 0x1000);
    emulator.answer = ({ name, args }) => {
      if (name !== 'CORE_READ' || args.length <= 3) return undefined;
      const offset = Number.parseInt((args[1] ?? '').slice(1), 16);
      return { kind: 'binary', data: wram().slice(offset, offset + Number(args[2])) };
    };
    await using device = await open();
    const batch = [read('WRAM', 0, 4), read('WRAM', 0x1000, 2)];
    expect((await device.run(batch)).reads).toEqual([Uint8Array.of(1, 2, 3, 4), Uint8Array.of(9, 8)]);
    emulator.got.length = 0;
    await device.run(batch);
    expect(emulator.got.filter(({ name }) => name === 'CORE_READ').map(({ args }) => args.length)).toEqual([3, 3]);
  });

  it('never takes a short answer for a right one, and lives on', async () => {
    await using device = await open();
    emulator.answer = ({ name }) => (name === 'CORE_READ' ? { kind: 'binary', data: new Uint8Array(3) } : undefined);
    await expect(device.run([read('WRAM', 0, 4)])).rejects.toEqual(coded('batch_step_failed'));
    emulator.answer = () => undefined;
    expect((await device.run([read('WRAM', 0, 4)])).ok).toBe(true);
  });

  it('stays in step when one of several reads is refused', async () => {
    wram()[0] = 5;
    await using device = await open();
    emulator.answer = ({ name, args }) =>
      name === 'CORE_READ' && args[0] === 'SRAM' ? nwaError('not_allowed', 'locked') : undefined;
    const batch = [read('SRAM', 0, 1), read('WRAM', 0, 1)];
    await expect(device.run(batch)).rejects.toThrow(/read SRAM: not_allowed locked/);
    expect((await device.run([read('WRAM', 0, 1)])).reads).toEqual([Uint8Array.of(5)]);
  });

  it('writes one range per command and sends nothing behind data that is not answered', async () => {
    await using device = await open();
    const data = Uint8Array.from({ length: 1500 }, (_, index) => index & 0xff);
    await device.run([{ kind: 'write', at: { domain: 'WRAM', offset: 16 }, data }, write(8, 1), read('WRAM', 8, 1)]);
    expect(wram().slice(16, 1516)).toEqual(data);
    expect(wram()[8]).toBe(1);
    const writes = emulator.got.filter(({ name }) => name === 'CORE_WRITE');
    expect(writes.map(({ args }) => args)).toEqual([
      ['WRAM', '$10', '1024'],
      ['WRAM', '$410', '476'],
      ['WRAM', '$8', '1'],
    ]);
    expect(emulator.overrun).toBe(false);
  });

  it('says when a write is refused, and lives on', async () => {
    await using device = await open();
    emulator.answer = ({ name }) => (name === 'CORE_WRITE' ? nwaError('not_allowed', 'no') : undefined);
    await expect(device.run([write(0, 1)])).rejects.toEqual(coded('batch_step_failed'));
    await expect(device.run([{ ...write(0, 1), at: { domain: 'ROM', offset: 0 } } as Step])).rejects.toEqual(
      coded('domain_read_only'),
    );
    expect(device.status).toBe('running');
  });

  it('writes nothing where the emulator cannot', async () => {
    emulator.commands = 'CORE_READ,CORE_MEMORIES';
    await using device = await open();
    await expect(device.run([write(0, 1)])).rejects.toEqual(coded('domain_read_only'));
  });

  it('pauses the game and lets it go on, where the emulator can', async () => {
    await using without = await open();
    expect(supports(without, 'pause')).toBe(false);
    emulator.commands += ',EMULATION_PAUSE,EMULATION_RESUME';
    await using device = await open();
    if (!supports(device, 'pause')) throw new TypeError('cannot pause');
    await device.setPaused(true);
    expect(emulator.state).toBe('paused');
    await device.setPaused(false);
    expect(emulator.state).toBe('running');
    emulator.answer = ({ name }) => (name === 'EMULATION_PAUSE' ? nwaError('not_allowed', 'no') : undefined);
    await expect(device.setPaused(true)).rejects.toEqual(coded('batch_step_failed'));
    expect((await device.run([read('WRAM', 0, 1)])).ok).toBe(true);
  });

  it('tells a pause from a loss', async () => {
    const statuses: string[] = [];
    await using device = await open({ onStatus: (status) => statuses.push(status) });
    emulator.state = 'paused';
    await device.run([read('WRAM', 0, 1)]);
    emulator.state = 'running';
    await device.run([read('WRAM', 0, 1)]);
    expect(statuses).toEqual(['paused', 'running']);
  });

  it.each(['read', 'write'] as const)('trusts nothing after another game was loaded: %s', async (kind) => {
    const device = await open();
    emulator.game = 'Other';
    const step = kind === 'read' ? read('WRAM', 0, 1) : write(0, 1);
    await expect(device.run([step])).rejects.toEqual(coded('batch_outcome_unknown'));
    expect(await device.closed).toMatchObject({ reason: 'rom_changed', error: coded('device_lost') });
    expect(wram()[0]).toBe(0);
    await settled();
    expect(emulator.clients).toBe(0);
  });

  it('ends when the game is closed or the emulator is', async () => {
    const first = await open();
    emulator.state = 'no_game';
    await expect(first.run([read('WRAM', 0, 1)])).rejects.toEqual(coded('batch_outcome_unknown'));
    expect(await first.closed).toMatchObject({ reason: 'lost' });
    emulator.state = 'running';
    const second = await open();
    emulator.die();
    expect(await second.closed).toMatchObject({ reason: 'lost', error: coded('device_lost') });
  });

  it('never takes a late answer for another', async () => {
    await using device = await open();
    wram()[0] = 1;
    emulator.holding = true;
    const controller = new AbortController();
    const left = device.run([read('WRAM', 0, 1)], { signal: controller.signal });
    const reason = new Error('enough');
    await settled();
    controller.abort(reason);
    await expect(left).rejects.toBe(reason);
    const next = device.run([read('WRAM', 0, 1)]);
    await settled();
    wram()[0] = 2;
    emulator.release();
    expect((await next).reads).toEqual([Uint8Array.of(2)]);
  });

  it('gives up on an emulator that fell silent', async () => {
    const device = await open();
    emulator.answer = () => 'silence';
    await expect(overdue(device.run([read('WRAM', 0, 1)]), 30_000)).rejects.toBeInstanceOf(Error);
    expect(await device.closed).toMatchObject({ reason: 'timeout' });
    expect(clock.pending).toBe(0);
  });

  it('has no answer for hostile bytes but a coded error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (bytes) => {
        emulator = new FakeNwa();
        clock = new VirtualClock();
        const device = await open();
        emulator.answer = ({ name }) => (name === 'CORE_READ' ? bytes : undefined);
        const run = device.run([read('WRAM', 0, 4)]);
        const result = await overdue(run, 30_000).catch((error: unknown) => error);
        // The only bytes that are a read of four are a block of four.
        const whole = bytes.length === 9 && [0, 0, 0, 0, 4].every((byte, at) => bytes[at] === byte);
        if (whole) expect(result).toMatchObject({ ok: true });
        else expect(result).toMatchObject({ code: expect.stringMatching(/^(batch|protocol|device)_/) });
        await device.close();
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
