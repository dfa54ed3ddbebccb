import { silentLogger } from '@causeway/bridge';
import type { CallOptions, DeviceStatus } from '@causeway/bridge/device';
import { VirtualClock } from '@causeway/bridge/testing';
import type { ConnectorRequest } from '@causeway/protocol/connector';
import { beforeEach, describe, expect, it } from 'vitest';
import { RequestChannel } from './request-channel.js';
import { nesModel } from './testing/connector-model.js';
import { ModelLink, settled } from './testing/model-link.js';

const TIMES = { answerMs: 30_000, pausedAfterMs: 1000, keepAliveMs: 2000, closeGraceMs: 250 };
const PING: readonly ConnectorRequest[] = [{ type: 'PING' }];

let clock: VirtualClock;
let link: ModelLink;
let channel: RequestChannel;
let statuses: DeviceStatus[];

beforeEach(() => {
  clock = new VirtualClock();
  link = new ModelLink(nesModel());
  link.held = true;
  statuses = [];
  channel = new RequestChannel(link, {
    clock,
    times: TIMES,
    logger: silentLogger,
    onStatus: (status) => statuses.push(status),
  });
});

/** Sends one line and notes what becomes of it. */
const ping = (call: CallOptions = {}, lines = 1) => {
  const fate: { value?: unknown; error?: unknown } = {};
  const promise = channel
    .exclusive(async (send) => {
      for (let i = 1; i < lines; i++) await send(PING);
      return send(PING);
    }, call)
    .then(
      (value) => {
        fate.value = value;
      },
      (error: unknown) => {
        fate.error = error;
      },
    );
  return { fate, promise };
};
const coded = (code: string) => expect.objectContaining({ code });

describe('RequestChannel', () => {
  it('serves one call after another, one line in flight', async () => {
    const first = ping({}, 2);
    const second = ping();
    await settled();
    expect(link.sent).toHaveLength(1);
    await link.answer();
    expect(link.sent).toHaveLength(2);
    expect(first.fate).toEqual({});
    await link.answer();
    expect(first.fate.value).toEqual([{ type: 'PONG' }]);
    await link.answer();
    expect(second.fate.value).toEqual([{ type: 'PONG' }]);
    expect(clock.pending).toBe(0);
  });

  it('is paused while an answer is overdue and runs again with the answer', async () => {
    const { fate } = ping();
    await settled();
    clock.pass(999);
    expect(channel.status).toBe('running');
    clock.pass(1);
    expect(channel.status).toBe('paused');
    clock.pass(28_000);
    await link.answer();
    expect(fate.value).toEqual([{ type: 'PONG' }]);
    expect(statuses).toEqual(['paused', 'running']);
  });

  it('gives up after the deadline: outcome unknown, closed for time-out, waiters refused', async () => {
    const { fate } = ping();
    const waiter = ping();
    await settled();
    clock.pass(30_000);
    await settled();
    expect(fate.error).toMatchObject({ code: 'batch_outcome_unknown', cause: coded('device_timeout') });
    expect(waiter.fate.error).toEqual(coded('device_closed'));
    expect(await channel.closed).toMatchObject({ reason: 'timeout', error: coded('device_timeout') });
    expect(statuses).toEqual(['paused', 'closed']);
    expect(link.end).toBe('destroyed');
    await link.answer();
    expect(fate.value).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it("takes a caller's own deadline, from the moment of the call", async () => {
    const first = ping();
    const second = ping({ timeoutMs: 500 });
    await settled();
    clock.pass(400);
    await link.answer();
    expect(first.fate.value).toBeDefined();
    clock.pass(100);
    await settled();
    expect(second.fate.error).toEqual(coded('batch_outcome_unknown'));
    expect((await channel.closed).reason).toBe('timeout');
  });

  it('does not send for a caller whose time ran out while waiting', async () => {
    const first = ping();
    const second = ping({ timeoutMs: 500 });
    await settled();
    clock.pass(500);
    await settled();
    expect(second.fate.error).toEqual(coded('device_timeout'));
    await link.answer();
    expect(first.fate.value).toBeDefined();
    expect(link.sent).toHaveLength(1);
    expect(channel.open).toBe(true);
  });

  it("gives the caller's own reason for an abort before sending, and stays open", async () => {
    const reason = { why: 'mine' };
    const first = ping();
    const controller = new AbortController();
    const waiting = ping({ signal: controller.signal });
    const late = ping({ signal: AbortSignal.abort(reason) });
    controller.abort(reason);
    await settled();
    expect(waiting.fate.error).toBe(reason);
    expect(late.fate.error).toBe(reason);
    await link.answer();
    expect(first.fate.value).toBeDefined();
    expect(link.sent).toHaveLength(1);
  });

  it.each([1, 2])('does not know the outcome of a call of %s lines aborted after sending', async (lines) => {
    const reason = new Error('mine');
    const controller = new AbortController();
    const { fate } = ping({ signal: controller.signal }, lines);
    await settled();
    if (lines === 2) await link.answer();
    controller.abort(reason);
    await settled();
    expect(fate.error).toMatchObject({ code: 'batch_outcome_unknown', cause: reason });
    expect(await channel.closed).toMatchObject({ reason: 'closed', error: coded('batch_outcome_unknown') });
    expect(link.end).toBe('destroyed');
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['device_lost', 'lost'],
    ['protocol_unexpected', 'protocol'],
  ] as const)('reports a link that ends with %s', async (code, reason) => {
    const { fate } = ping();
    await settled();
    link.lose(code);
    await settled();
    expect(fate.error).toMatchObject({ code: 'batch_outcome_unknown', cause: coded(code) });
    expect(await channel.closed).toMatchObject({ reason, error: coded(code) });
    expect(ping().promise).toBeInstanceOf(Promise);
    await expect(channel.exclusive((send) => send(PING))).rejects.toEqual(coded('device_closed'));
  });

  it('notices a link that ends while idle', async () => {
    link.lose();
    expect((await channel.closed).reason).toBe('lost');
    expect(statuses).toEqual(['closed']);
  });

  it('waits for the outstanding answer when closing, then ends in order; twice is fine', async () => {
    const { fate } = ping();
    const waiter = ping();
    await settled();
    const closed = Promise.all([channel.close(), channel.close()]);
    await settled();
    expect(waiter.fate.error).toEqual(coded('device_closed'));
    expect(link.end).toBeUndefined();
    await link.answer();
    await closed;
    expect(fate.value).toBeDefined();
    expect(link.end).toBe('closed');
    expect(await channel.closed).toEqual({ reason: 'closed' });
    expect(clock.pending).toBe(0);
  });

  it('does not wait long when closing', async () => {
    const { fate } = ping();
    await settled();
    const closed = channel.close();
    clock.pass(250);
    await closed;
    await settled();
    expect(fate.error).toEqual(coded('batch_outcome_unknown'));
    expect(await channel.closed).toEqual({ reason: 'closed' });
    expect(clock.pending).toBe(0);
  });

  it('says something every two seconds when nobody else does, and stops when closed', async () => {
    link.held = false;
    channel.keepAlive(() => channel.exclusive((send) => send(PING)));
    clock.pass(1500);
    await ping().promise;
    expect(link.sent).toHaveLength(1);
    clock.pass(1999);
    await settled();
    expect(link.sent).toHaveLength(1);
    clock.pass(1);
    await settled();
    expect(link.sent).toHaveLength(2);
    for (let i = 0; i < 3; i++) {
      clock.pass(2000);
      await settled();
    }
    expect(link.sent).toHaveLength(5);
    await channel.close();
    expect(clock.pending).toBe(0);
  });

  it('frees the link when the work of a call fails', async () => {
    await expect(channel.exclusive(() => Promise.reject(new Error('work')))).rejects.toThrow('work');
    const { fate } = ping();
    await link.answer();
    await link.answer();
    expect(fate.value).toBeDefined();
  });
});
