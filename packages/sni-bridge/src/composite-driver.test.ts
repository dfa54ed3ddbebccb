import type { CallOptions, Device, DeviceListing, Driver } from '@causeway/bridge/device';
import { VirtualClock } from '@causeway/bridge/testing';
import { CausewayError } from '@causeway/protocol/errors';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCompositeDriver } from './composite-driver.js';

const USB = 'usb2snes://127.0.0.1:23074';
const SNI = 'sni://127.0.0.1:8191';
const RA = 'retroarch://127.0.0.1:55355';
const behind = (server: string, name: string): string => `${server}/?device=${encodeURIComponent(name)}`;
const coded = (code: string) => expect.objectContaining({ code });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Finds what it was told to, and opens what is not shut. */
class FakeDriver implements Driver {
  readonly kind: string;
  found: Partial<DeviceListing>[] = [];
  readonly shut = new Set<string>();
  readonly opened: (string | undefined)[] = [];
  readonly calls: CallOptions[] = [];
  detecting: () => Promise<void> = async () => {};

  constructor(kind: string) {
    this.kind = kind;
  }

  async detect(call: CallOptions = {}): Promise<readonly DeviceListing[]> {
    this.calls.push(call);
    await this.detecting();
    return this.found.map((listing) => ({ uri: '', driver: this.kind, state: 'ready', ...listing }));
  }

  async open(target: string | undefined): Promise<Device> {
    this.opened.push(target);
    if (target !== undefined && this.shut.has(target)) throw new CausewayError('device_timeout', `${target} is shut`);
    return { info: { uri: target } } as unknown as Device;
  }
}

let retroarch: FakeDriver;
let usb2snes: FakeDriver;
let grpc: FakeDriver;
let nwa: FakeDriver;
let clock: VirtualClock;
const all = () => [retroarch, usb2snes, grpc, nwa];
const driver = () => createCompositeDriver({ drivers: all(), clock });
const find = () => driver().detect();

beforeEach(() => {
  retroarch = new FakeDriver('retroarch');
  usb2snes = new FakeDriver('usb2snes');
  grpc = new FakeDriver('sni');
  nwa = new FakeDriver('nwa');
  clock = new VirtualClock();
});

describe('finding consoles every way there is', () => {
  it('lists one console once, by the best way, and keeps the others', async () => {
    const rom = { system: 'SNES', title: 'ZELDA' };
    retroarch.found = [{ uri: RA, system: 'SNES', rom }];
    usb2snes.found = [{ uri: behind(USB, 'ra://127.0.0.1:55355') }, { uri: behind(USB, 'fxpakpro://./COM4') }];
    grpc.found = [{ uri: behind(SNI, 'ra://127.0.0.1:55355') }, { uri: behind(SNI, 'fxpakpro://./COM4') }];
    expect(await find()).toEqual([
      {
        uri: RA,
        driver: 'retroarch',
        state: 'ready',
        system: 'SNES',
        rom,
        detail: `also at ${behind(USB, 'ra://127.0.0.1:55355')}, ${behind(SNI, 'ra://127.0.0.1:55355')}`,
      },
      expect.objectContaining({ uri: behind(USB, 'fxpakpro://./COM4'), driver: 'usb2snes', state: 'ready' }),
    ]);
  });

  it('takes what an emulator itself says for truer than what a server believes', async () => {
    retroarch.found = [{ uri: RA, state: 'incompatible', detail: 'this core shows no memory' }];
    usb2snes.found = [{ uri: behind(USB, 'RetroArch Localhost') }];
    expect(await find()).toMatchObject([
      { uri: RA, state: 'incompatible', detail: /^this core shows no memory; also/ },
    ]);
    await expect(driver().open(undefined)).rejects.toEqual(coded('device_incompatible'));
  });

  it('takes another way where the best one is silent', async () => {
    retroarch.found = [{ uri: RA, state: 'silent' }];
    usb2snes.found = [{ uri: behind(USB, 'RetroArch Localhost') }];
    expect(await find()).toMatchObject([{ uri: behind(USB, 'RetroArch Localhost'), state: 'ready' }]);
  });

  it('tells two RetroArchs and other emulators apart', async () => {
    retroarch.found = [{ uri: RA }, { uri: 'retroarch://127.0.0.1:55356' }];
    nwa.found = [{ uri: 'nwa://127.0.0.1:48879' }];
    usb2snes.found = [{ uri: behind(USB, 'ra://127.0.0.1:55356') }];
    const found = await find();
    expect(found.map(({ uri }) => uri)).toEqual([RA, 'retroarch://127.0.0.1:55356', 'nwa://127.0.0.1:48879']);
  });

  it('knows an NWA emulator by whatever name, where that machine has only one', async () => {
    usb2snes.found = [{ uri: behind(USB, 'EmuNWA Snes9x') }];
    nwa.found = [{ uri: 'nwa://127.0.0.1:48881', rom: { system: 'SNES', title: 'X' } }];
    expect(await find()).toMatchObject([{ uri: behind(USB, 'EmuNWA Snes9x'), rom: { title: 'X' } }]);
    nwa.found = [{ uri: 'nwa://127.0.0.1:48881' }, { uri: 'nwa://127.0.0.1:48882' }];
    expect(await find()).toHaveLength(3);
  });

  it('speaks of servers that see nothing only where there is nothing else', async () => {
    usb2snes.found = [{ uri: USB, state: 'silent', detail: 'sees no console' }];
    grpc.found = [{ uri: SNI, state: 'silent', detail: 'sees no console' }];
    expect((await find()).map(({ uri }) => uri)).toEqual([USB, SNI]);
    retroarch.found = [{ uri: RA }];
    expect((await find()).map(({ uri }) => uri)).toEqual([RA]);
  });

  it('looks everywhere at once, in under a second, whoever hangs or fails', async () => {
    retroarch.found = [{ uri: RA }];
    usb2snes.detecting = () => new Promise(() => {});
    grpc.detecting = () => Promise.reject(new Error('broken'));
    nwa.detecting = async () => {
      // Later than all others were asked, which shows that nobody waits for anybody.
      expect(all().map(({ calls }) => calls.length)).toEqual([1, 1, 1, 1]);
    };
    const found = find();
    await settled();
    clock.pass(950);
    expect(await found).toMatchObject([{ uri: RA }]);
    for (const { calls } of all()) expect(calls[0]?.timeoutMs).toBeLessThan(1_000);
    expect(clock.pending).toBe(0);
  });

  it('stops when it is told to', async () => {
    for (const one of all()) one.detecting = () => new Promise(() => {});
    const controller = new AbortController();
    const found = driver().detect({ signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(found).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it('disturbs nothing: looking opens nothing', async () => {
    retroarch.found = [{ uri: RA }];
    await find();
    expect(all().flatMap(({ opened }) => opened)).toEqual([]);
  });
});

describe('opening', () => {
  it('goes by the scheme, and looks for nothing else', async () => {
    for (const [target, by] of [
      [RA, retroarch],
      [behind(USB, 'x'), usb2snes],
      [SNI, grpc],
      ['NWA://127.0.0.1', nwa],
    ] as const) {
      await driver().open(target);
      expect(by.opened).toEqual([target]);
    }
    expect(all().flatMap(({ calls }) => calls)).toEqual([]);
    for (const wrong of ['bizhawk://127.0.0.1', '127.0.0.1:1', ''])
      await expect(driver().open(wrong)).rejects.toEqual(coded('usage'));
  });

  it('takes the only usable one there is', async () => {
    retroarch.found = [{ uri: RA }];
    nwa.found = [{ uri: 'nwa://127.0.0.1:48879', state: 'incompatible' }];
    expect((await driver().open(undefined)).info.uri).toBe(RA);
  });

  it('never guesses between two', async () => {
    retroarch.found = [{ uri: RA, rom: { system: 'SNES', title: 'A' } }, { uri: 'retroarch://127.0.0.1:55356' }];
    const error = await driver()
      .open(undefined)
      .catch((caught: unknown) => caught);
    expect(error).toEqual(coded('device_ambiguous'));
    expect(error).toMatchObject({
      message: expect.stringContaining(`${RA} (A)`),
      fix: expect.stringContaining('--device'),
      context: { choices: [{ uri: RA }, { uri: 'retroarch://127.0.0.1:55356' }] },
    });
  });

  it('prefers a SNES game to one of another console, and takes that where it is alone', async () => {
    retroarch.found = [{ uri: RA, system: 'GB' }];
    expect((await driver().open(undefined)).info.uri).toBe(RA);
    nwa.found = [{ uri: 'nwa://127.0.0.1:48879', system: 'SNES' }];
    expect((await driver().open(undefined)).info.uri).toBe('nwa://127.0.0.1:48879');
  });

  it('takes the next way where the best is shut, and tells why the best was where all are', async () => {
    const second = behind(USB, 'ra://127.0.0.1:55355');
    retroarch.found = [{ uri: RA }];
    usb2snes.found = [{ uri: second }];
    retroarch.shut.add(RA);
    expect((await driver().open(undefined)).info.uri).toBe(second);
    usb2snes.shut.add(second);
    await expect(driver().open(undefined)).rejects.toThrow(`${RA} is shut`);
  });

  it('says what to do when there is nothing', async () => {
    await expect(driver().open(undefined)).rejects.toMatchObject({
      code: 'device_not_found',
      fix: expect.stringContaining('Network Commands'),
    });
  });
});
