import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Device, Step } from '@causeway/bridge/device';
import {
  CommFrameDecoder,
  type ConnectorResponse,
  decodeRequests,
  encodeCommFrame,
} from '@causeway/protocol/connector';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBizHawkDriver } from './bizhawk-driver.js';
import type { BizHawkOptions } from './bizhawk-options.js';
import { type ConnectorModel, nesModel } from './testing/connector-model.js';

const coded = (code: string) => expect.objectContaining({ code });
const read: Step = { kind: 'read', at: { domain: 'RAM', offset: 0 }, size: 1 };

/** An emulator that calls out: polls as our script does, one poll per answer. */
class CallingEmulator {
  readonly model: ConnectorModel;
  /** What the bridge answered the polls with. */
  readonly replies: string[] = [];
  /** How the connection ended: the bridge must always reset, never end. */
  ended: 'end' | 'reset' | undefined;
  token: string | null = null;
  seq = 0;
  #socket: Socket | undefined;
  #answer: readonly ConnectorResponse[] | null = null;
  #answers: number | null = null;
  #stopped = false;
  #polls = 0;

  constructor(model: ConnectorModel) {
    this.model = model;
  }

  /** Calls, and polls until the bridge says goodbye, the connection ends, or `stop`. */
  async call(port: number): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    this.#stopped = false;
    const decoder = new CommFrameDecoder();
    socket.on('data', (chunk) => {
      for (const text of decoder.push(chunk)) this.#take(text);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') this.ended = 'reset';
    });
    socket.on('end', () => {
      this.ended ??= 'end';
    });
    await once(socket, 'connect');
    this.poll();
  }

  poll(): void {
    const { system, hash, frame } = this.model;
    this.seq++;
    this.#polls++;
    const poll = {
      causeway: 1,
      seq: this.seq,
      frame,
      system,
      hash,
      connector: '1.0.0',
      token: this.token,
      answers: this.#answers,
      answer: this.#answer,
    };
    this.#socket?.write(encodeCommFrame(JSON.stringify(poll)));
  }

  /** Stops asking, as a script does whose emulator is paused; resolves when the last poll is answered. */
  pause(): Promise<void> {
    this.#stopped = true;
    return vi.waitFor(() => expect(this.replies).toHaveLength(this.#polls));
  }

  resume(): void {
    this.#stopped = false;
    this.poll();
  }

  hangUp(): void {
    this.#socket?.destroy();
  }

  write(text: string): void {
    this.#socket?.write(text);
  }

  /** Begins anew: forgets what it was asked. */
  restart(): void {
    this.seq = 0;
    this.#answer = null;
    this.#answers = null;
  }

  #take(text: string): void {
    this.replies.push(text);
    this.#answer = null;
    this.#answers = null;
    if (text === 'BYE') return;
    if (text !== '[]') {
      this.#answer = this.model.answer(decodeRequests(text));
      this.#answers = this.seq;
    }
    if (!this.#stopped) setTimeout(() => !this.#stopped && this.poll(), 1);
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

/** Connects and says nothing: succeeds once somebody listens. */
const knock = async (port: number): Promise<void> => {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.on('error', () => {});
};

const callers: CallingEmulator[] = [];
const devices: Device[] = [];
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close();
  for (const caller of callers.splice(0)) caller.hangUp();
});

const caller = (model = nesModel()): CallingEmulator => {
  const emulator = new CallingEmulator(model);
  callers.push(emulator);
  return emulator;
};

/** A device whose emulator has called. */
const opened = async (emulator = caller(), options: BizHawkOptions = {}) => {
  const port = await freePort();
  const opening = createBizHawkDriver(options).open(`comm://127.0.0.1:${port}`);
  await vi.waitFor(() => emulator.call(port));
  const device = await opening;
  devices.push(device);
  return { emulator, device, port };
};

describe('an emulator that calls out', () => {
  it('is a device like any other', async () => {
    const { emulator, device, port } = await opened();
    expect(device.info).toMatchObject({
      uri: `comm://127.0.0.1:${port}`,
      system: 'NES',
      peer: 'Causeway connector 1.0.0 in Model 1',
    });
    const ram = emulator.model.bytes('RAM');
    const result = await device.run([
      { kind: 'guard', at: { domain: 'RAM', offset: 0 }, expect: ram.slice(0, 1) },
      { kind: 'write', at: { domain: 'RAM', offset: 1 }, data: Uint8Array.of(9) },
      { kind: 'read', at: { domain: 'RAM', offset: 1 }, size: 1 },
    ]);
    expect(result).toMatchObject({ ok: true, atomic: true, reads: [Uint8Array.of(9)] });
    expect(await device.rom()).toEqual({ system: 'NES', hash: 'F00D' });
    expect(emulator.model.strict).toBe(true);
  });

  it('gets an empty batch when there is nothing to do, and a queued one with its next poll', async () => {
    const { emulator, device } = await opened();
    await vi.waitFor(() => expect(emulator.replies.at(-1)).toBe('[]'));
    const runs = await Promise.all([device.run([read]), device.run([read]), device.run([read])]);
    expect(new Set(runs.map(({ frame }) => frame)).size).toBe(3);
  });

  it('hands the next batch over with the very poll that brought an answer', async () => {
    const { emulator, device } = await opened();
    await device.run([read]);
    const before = emulator.seq;
    for (let i = 0; i < 10; i++) await device.run([read]);
    expect(emulator.seq - before).toBeLessThanOrEqual(11);
  });

  it('is told goodbye and reset, never ended', async () => {
    const { emulator, device } = await opened();
    await device.close();
    expect(emulator.replies.at(-1)).toBe('BYE');
    await vi.waitFor(() => expect(emulator.ended).toBe('reset'));
    expect(await device.closed).toEqual({ reason: 'closed' });
  });

  it('is reset even when it does not ask any more', async () => {
    const { emulator, device } = await opened();
    await emulator.pause();
    await device.close();
    await vi.waitFor(() => expect(emulator.ended).toBe('reset'));
  });

  it('is paused while it does not ask, and lost to the caller only after the deadline', async () => {
    const { emulator, device } = await opened(caller(), { times: { pausedAfterMs: 30, answerMs: 5000 } });
    await emulator.pause();
    const run = device.run([read]);
    await vi.waitFor(() => expect(device.status).toBe('paused'));
    emulator.resume();
    expect((await run).ok).toBe(true);
    expect(device.status).toBe('running');
  });

  it('may call again, and still brings the answer to what it was asked', async () => {
    const { emulator, device, port } = await opened();
    await emulator.pause();
    const run = device.run([read]);
    emulator.resume();
    await emulator.pause();
    await vi.waitFor(() => expect(emulator.replies.at(-1)).toContain('READ'));
    emulator.hangUp();
    await emulator.call(port);
    expect((await run).ok).toBe(true);
    expect((await device.run([read])).ok).toBe(true);
    expect(device.status).toBe('running');
  });

  it('that begins anew has lost what it was asked', async () => {
    const { emulator, device, port } = await opened();
    await emulator.pause();
    const run = device.run([read]);
    const told = expect(run).rejects.toMatchObject({ code: 'batch_outcome_unknown', cause: coded('device_lost') });
    emulator.resume();
    await emulator.pause();
    await vi.waitFor(() => expect(emulator.replies.at(-1)).toContain('READ'));
    emulator.hangUp();
    emulator.restart();
    await emulator.call(port);
    await told;
    expect((await device.closed).reason).toBe('lost');
    await vi.waitFor(() => expect(emulator.ended).toBe('reset'));
  });

  it('that comes back with another ROM ends the device', async () => {
    const { emulator, device, port } = await opened();
    await emulator.pause();
    emulator.hangUp();
    emulator.restart();
    emulator.model.hash = 'BEEF';
    await emulator.call(port);
    expect((await device.closed).reason).toBe('rom_changed');
    // And the way is free for the next device.
    const opening = createBizHawkDriver().open(`comm://127.0.0.1:${port}`);
    await vi.waitFor(async () => {
      emulator.ended = undefined;
      emulator.restart();
      await emulator.call(port);
    });
    devices.push(await opening);
    expect(devices.at(-1)?.info.rom.hash).toBe('BEEF');
  });

  it('is not pushed out by another', async () => {
    const { emulator, device, port } = await opened();
    const second = caller(nesModel({ hash: 'CAFE' }));
    await second.call(port);
    await vi.waitFor(() => expect(second.ended).toBe('reset'));
    expect(second.replies).toEqual([]);
    expect((await device.run([read])).ok).toBe(true);
    expect(emulator.ended).toBeUndefined();
  });

  it('must show the token it was started with', async () => {
    const stranger = caller(nesModel({ hash: 'CAFE' }));
    const port = await freePort();
    const opening = createBizHawkDriver({ token: 'secret' }).open(`comm://127.0.0.1:${port}`);
    await vi.waitFor(() => stranger.call(port));
    await vi.waitFor(() => expect(stranger.ended).toBe('reset'));
    const emulator = caller();
    emulator.token = 'secret';
    await emulator.call(port);
    devices.push(await opening);
    expect(devices[0]?.info.rom.hash).toBe('F00D');
  });

  it.each(['GET / HTTP/1.1\r\n\r\n', '5 hello', '2 {}', '99999999999 '])(
    'ends the device by talking nonsense: %j',
    async (text) => {
      const { emulator, device } = await opened();
      await emulator.pause();
      emulator.write(text);
      expect((await device.closed).reason).toBe('protocol');
      await vi.waitFor(() => expect(emulator.ended).toBe('reset'));
    },
  );

  it('is waited for so long and no longer', async () => {
    const port = await freePort();
    const driver = createBizHawkDriver();
    await expect(driver.open(`comm://127.0.0.1:${port}`, { timeoutMs: 20 })).rejects.toEqual(coded('device_timeout'));
    const reason = new Error('mine');
    const signal = AbortSignal.abort(reason);
    await expect(driver.open(`comm://127.0.0.1:${port}`, { signal })).rejects.toBe(reason);
    const controller = new AbortController();
    const opening = driver.open(`comm://127.0.0.1:${port}`, { signal: controller.signal });
    await vi.waitFor(() => knock(port));
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
  });

  it('cannot be waited for where another program listens', async () => {
    const { port } = await opened();
    await expect(createBizHawkDriver().open(`comm://127.0.0.1:${port}`)).rejects.toEqual(coded('port_in_use'));
  });
});
