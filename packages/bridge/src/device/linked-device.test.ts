import { CausewayError } from '@causeway/protocol/errors';
import { describe, expect, it } from 'vitest';
import { settled, VirtualClock } from '../testing/virtual-clock.js';
import { type CloseInfo, type DeviceInfo, type DeviceStatus, type Region, type Step, supports } from './contract.js';
import { createLinkedDevice } from './linked-device.js';
import type { MemoryLink, MemoryRead, MemoryWrite } from './memory-link.js';

const INFO: DeviceInfo = {
  driver: 'test',
  uri: 'test://1',
  system: 'SNES',
  rom: { system: 'SNES' },
  domains: [
    { name: 'WRAM', size: 64 },
    { name: 'ROM', size: 16, writable: false },
  ],
  capabilities: new Set(),
  peer: 'a test',
};

const guard = (offset: number, ...expect: number[]): Step => ({
  kind: 'guard',
  at: { domain: 'WRAM', offset },
  expect: Uint8Array.from(expect),
});
const read = (offset: number, size: number): Step => ({ kind: 'read', at: { domain: 'WRAM', offset }, size });
const write = (offset: number, ...data: number[]): Step => ({
  kind: 'write',
  at: { domain: 'WRAM', offset },
  data: Uint8Array.from(data),
});

/** 64 bytes of memory behind a link that answers when told to, or at once. */
class ScriptedLink implements MemoryLink {
  readonly memory = Uint8Array.from({ length: 64 }, (_, index) => index);
  readonly calls: string[] = [];
  readonly lost: Promise<CloseInfo>;
  oneFrame = true;
  paused = false;
  /** What happens in the console right after an exchange. */
  afterRead: () => void = () => {};
  /** Set to hold answers back. */
  held: Promise<void> | undefined;
  failure: Error | undefined;
  /** Whether an abort makes the call reject at once. */
  obedient = true;
  closes = 0;
  end: (info: CloseInfo) => void = () => {};

  constructor() {
    this.lost = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  async read(regions: readonly Region[], signal: AbortSignal): Promise<MemoryRead> {
    this.calls.push(`read ${regions.map(({ offset, size }) => `${offset}+${size}`).join(' ')}`);
    await this.#answer(signal);
    const bytes = regions.map(({ offset, size }) => this.memory.slice(offset, offset + size));
    this.afterRead();
    return { bytes, oneFrame: this.oneFrame, frame: 7, paused: this.paused };
  }

  async write(writes: readonly MemoryWrite[], signal: AbortSignal): Promise<void> {
    this.calls.push(`write ${writes.map(({ at, data }) => `${at.offset}+${data.length}`).join(' ')}`);
    await this.#answer(signal);
    for (const { at, data } of writes) this.memory.set(data, at.offset);
  }

  async rom(): Promise<{ system: string; hash: string }> {
    return { system: 'SNES', hash: 'abc' };
  }

  async close(): Promise<void> {
    this.closes++;
  }

  async #answer(signal: AbortSignal): Promise<void> {
    if (this.failure) throw this.failure;
    if (!this.held) return;
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => this.obedient && reject(signal.reason));
    });
    await Promise.race([this.held, aborted]);
  }
}

const start = () => {
  const link = new ScriptedLink();
  const clock = new VirtualClock();
  const statuses: DeviceStatus[] = [];
  const device = createLinkedDevice({ info: INFO, link, clock, onStatus: (status) => statuses.push(status) });
  return { link, clock, device, statuses };
};

const hold = (link: ScriptedLink): (() => void) => {
  let release = (): void => {};
  link.held = new Promise((resolve) => {
    release = () => {
      link.held = undefined;
      resolve();
    };
  });
  return release;
};

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (CausewayError.is(error) ? error.code : String(error)),
  );

describe('the steps of a batch', () => {
  it('reads what stands before a write in one exchange, and writes after it', async () => {
    const { device, link } = start();
    const result = await device.run([guard(0, 0), read(4, 2), guard(8, 8), write(10, 1), write(11, 2), read(10, 2)]);
    expect(link.calls).toEqual(['read 0+1 4+2 8+1', 'write 10+1 11+1', 'read 10+2']);
    expect(result).toEqual({
      ok: true,
      atomic: false,
      frame: 7,
      reads: [Uint8Array.of(4, 5), Uint8Array.of(1, 2)],
    });
  });

  it('writes nothing behind a guard that does not hold, and still yields what was read before it', async () => {
    const { device, link } = start();
    const result = await device.run([read(1, 1), guard(0, 9), read(2, 1), write(3, 1)]);
    expect(result).toMatchObject({ ok: false, failedGuard: 1, reads: [Uint8Array.of(1)] });
    expect(link.calls).toEqual(['read 1+1 0+1 2+1']);
  });

  it('asks for a place once where all is of one frame', async () => {
    const { device, link } = start();
    const result = await device.run([guard(0, 0), read(4, 1), guard(0, 0)]);
    expect(link.calls).toEqual(['read 0+1 4+1']);
    expect(result.atomic).toBe(true);
  });

  it('looks again at a repeated guard where it may be of another frame', async () => {
    const { device, link } = start();
    link.oneFrame = false;
    link.afterRead = () => {
      link.memory[0] = 99;
    };
    const result = await device.run([guard(0, 0), read(4, 1), guard(0, 0)]);
    expect(link.calls).toEqual(['read 0+1 4+1', 'read 0+1']);
    expect(result).toMatchObject({ ok: false, failedGuard: 2, atomic: false });
  });

  it('looks at the guards of a write once more, together with the repeated ones, right before it', async () => {
    const { device, link } = start();
    link.oneFrame = false;
    link.afterRead = () => {
      link.memory[8] = 99;
    };
    const result = await device.run([guard(0, 0), read(4, 1), guard(0, 0), guard(8, 8), write(10, 1)]);
    expect(link.calls).toEqual(['read 0+1 4+1 8+1', 'read 0+1 8+1']);
    expect(result).toMatchObject({ ok: false, failedGuard: 3, reads: [Uint8Array.of(4)] });
  });

  it('does not ask again once a guard has failed', async () => {
    const { device, link } = start();
    link.oneFrame = false;
    const result = await device.run([read(4, 1), guard(0, 1), guard(0, 0), write(10, 1)]);
    expect(link.calls).toEqual(['read 4+1 0+1']);
    expect(result).toMatchObject({ ok: false, failedGuard: 1, reads: [Uint8Array.of(4)] });
  });

  it.each([
    ['domain_unknown', { kind: 'read', at: { domain: 'VRAM', offset: 0 }, size: 1 }],
    ['address_out_of_range', read(63, 2)],
    ['address_out_of_range', read(-1, 1)],
    ['address_out_of_range', read(0.5, 1)],
    ['address_out_of_range', read(0, 0)],
    ['domain_read_only', { kind: 'write', at: { domain: 'ROM', offset: 0 }, data: Uint8Array.of(1) }],
  ] as const)('refuses before anything is sent: %s', async (code, step) => {
    const { device, link } = start();
    expect(await codeOf(device.run([write(0, 1), step]))).toBe(code);
    expect(link.calls).toEqual([]);
  });
});

describe('calls', () => {
  it('are served one after another', async () => {
    const { device, link } = start();
    const release = hold(link);
    const both = [device.run([read(0, 1)]), device.run([read(1, 1)])];
    await settled();
    expect(link.calls).toEqual(['read 0+1']);
    release();
    await Promise.all(both);
    expect(link.calls).toEqual(['read 0+1', 'read 1+1']);
  });

  it('that only read may be left: the device lives, and waits until the link has let go', async () => {
    const { device, link } = start();
    const release = hold(link);
    link.obedient = false;
    const controller = new AbortController();
    const left = codeOf(device.run([read(0, 1)], { signal: controller.signal }));
    await settled();
    controller.abort('enough');
    expect(await left).toBe('enough');
    const next = device.run([read(1, 1)]);
    await settled();
    expect(link.calls).toEqual(['read 0+1']);
    release();
    expect((await next).reads).toEqual([Uint8Array.of(1)]);
  });

  it('that may have written and are left end the device: nobody knows what was done', async () => {
    const { device, link } = start();
    hold(link);
    const controller = new AbortController();
    const left = codeOf(device.run([write(0, 1)], { signal: controller.signal }));
    await settled();
    controller.abort('enough');
    expect(await left).toBe('batch_outcome_unknown');
    expect((await device.closed).reason).toBe('closed');
    expect(link.closes).toBe(1);
  });

  it('that are left before they wrote end nothing', async () => {
    const link = new ScriptedLink();
    link.paused = true;
    const controller = new AbortController();
    const onStatus = (): void => controller.abort('enough');
    const device = createLinkedDevice({ info: INFO, link, clock: new VirtualClock(), onStatus });
    expect(await codeOf(device.run([guard(0, 0), write(0, 1)], { signal: controller.signal }))).toBe('enough');
    expect(link.calls).toEqual(['read 0+1']);
    expect(device.status).toBe('paused');
  });

  it('do not wait for ever for a link that never lets go of one that was left', async () => {
    const { device, link, clock } = start();
    hold(link);
    link.obedient = false;
    const left = codeOf(device.run([read(0, 1)], { timeoutMs: 500 }));
    await settled();
    const next = codeOf(device.run([read(1, 1)]));
    await clock.advance(500);
    expect(await left).toBe('device_timeout');
    await clock.advance(30_000);
    expect(await next).toBe('device_closed');
    expect(await device.closed).toMatchObject({ reason: 'timeout' });
  });

  it('keep their own deadline', async () => {
    const { device, link, clock } = start();
    hold(link);
    const late = codeOf(device.run([read(0, 1)], { timeoutMs: 500 }));
    await settled();
    await clock.advance(500);
    expect(await late).toBe('device_timeout');
    expect(device.status).toBe('running');
  });

  it('leave no timer behind', async () => {
    const { device, clock } = start();
    await device.run([read(0, 1), write(0, 1)], { timeoutMs: 500 });
    expect(clock.pending).toBe(0);
    await device.close();
  });
});

describe('an emulator that does not answer', () => {
  it('counts as paused after a second, and as running when it answers', async () => {
    const { device, link, clock, statuses } = start();
    const release = hold(link);
    const run = device.run([read(0, 1)]);
    await settled();
    await clock.advance(1000);
    expect(statuses).toEqual(['paused']);
    release();
    await run;
    expect(statuses).toEqual(['paused', 'running']);
  });

  it('counts as paused when it says so, without a flicker', async () => {
    const { device, link, statuses } = start();
    link.paused = true;
    await device.run([read(0, 1)]);
    await device.run([read(0, 1)]);
    expect(statuses).toEqual(['paused']);
  });

  it('is given up in the end', async () => {
    const { device, link, clock } = start();
    hold(link);
    const run = codeOf(device.run([read(0, 1)]));
    await settled();
    await clock.advance(30_000);
    expect(await run).toBe('batch_outcome_unknown');
    expect(await device.closed).toMatchObject({ reason: 'timeout', error: { code: 'device_timeout' } });
  });
});

describe('failures', () => {
  it('of a place leave the device open', async () => {
    const { device, link } = start();
    link.failure = new CausewayError('batch_step_failed', 'No such memory.');
    expect(await codeOf(device.run([read(0, 1)]))).toBe('batch_step_failed');
    link.failure = undefined;
    expect((await device.run([read(0, 1)])).ok).toBe(true);
  });

  it.each([
    ['device_lost', 'lost'],
    ['protocol_malformed', 'protocol'],
  ] as const)('%s ends the device', async (code, reason) => {
    const { device, link } = start();
    link.failure = new CausewayError(code, 'Gone.');
    expect(await codeOf(device.run([read(0, 1)]))).toBe('batch_outcome_unknown');
    expect(await device.closed).toMatchObject({ reason, error: { code } });
    expect(await codeOf(device.rom())).toBe('device_closed');
  });

  it('of the link by itself end what is under way and what waits', async () => {
    const { device, link } = start();
    hold(link);
    const calls = [codeOf(device.run([read(0, 1)])), codeOf(device.run([read(0, 1)]))];
    await settled();
    link.end({ reason: 'rom_changed', error: new CausewayError('device_lost', 'Another game.') });
    expect(await Promise.all(calls)).toEqual(['batch_outcome_unknown', 'device_closed']);
    expect((await device.closed).reason).toBe('rom_changed');
  });
});

describe('closing', () => {
  it('waits for what is under way', async () => {
    const { device, link } = start();
    const release = hold(link);
    const run = device.run([write(0, 7)]);
    await settled();
    const closed = device.close();
    release();
    expect((await run).ok).toBe(true);
    await closed;
    await device.close();
    expect(link.memory[0]).toBe(7);
    expect((await device.closed).reason).toBe('closed');
  });

  it('does not wait for ever', async () => {
    const { device, link, clock } = start();
    hold(link);
    const run = codeOf(device.run([read(0, 1)]));
    await settled();
    const closed = device.close();
    await settled();
    await clock.advance(1000);
    await closed;
    expect(await run).toBe('batch_outcome_unknown');
  });
});

describe('pausing', () => {
  const ableToPause: DeviceInfo = { ...INFO, capabilities: new Set(['pause']) };

  it('is done by the link, in turn', async () => {
    const link = Object.assign(new ScriptedLink(), {
      pause: async (paused: boolean): Promise<void> => {
        link.calls.push(paused ? 'pause' : 'go on');
      },
    });
    const device = createLinkedDevice({ info: ableToPause, link, clock: new VirtualClock() });
    if (!supports(device, 'pause')) throw new TypeError('cannot pause');
    await Promise.all([
      device.run([read(0, 1)]),
      device.setPaused(true),
      device.run([read(1, 1)]),
      device.setPaused(false),
    ]);
    expect(link.calls).toEqual(['read 0+1', 'pause', 'read 1+1', 'go on']);
  });

  it('is refused where the link has no way', async () => {
    const device = createLinkedDevice({ info: ableToPause, link: new ScriptedLink(), clock: new VirtualClock() });
    if (!supports(device, 'pause')) throw new TypeError('cannot pause');
    expect(await codeOf(device.setPaused(true))).toBe('device_unsupported');
  });
});
