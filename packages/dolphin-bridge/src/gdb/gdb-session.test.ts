import { VirtualClock } from '@causeway/bridge/testing';
import { describe, expect, it } from 'vitest';
import { GdbSession } from './gdb-session.js';
import { encodePacket } from './packet-codec.js';
import { FakeStub, fakeMemory } from './testing/fake-stub.js';

const ENDPOINT = { kind: 'socket', path: '/nowhere' } as const;
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

const begin = (stub = new FakeStub(fakeMemory(0x8000_0000, 64))) => {
  const clock = new VirtualClock();
  const session = new GdbSession({ endpoint: ENDPOINT, stream: stub.stream, clock });
  return { stub, clock, session };
};

const running = async (stub?: FakeStub) => {
  const all = begin(stub);
  const started = all.session.start();
  await turns();
  all.clock.pass(1_000);
  await started;
  return all;
};

describe('a session with Dolphin’s debugger connection', () => {
  it('lets the game go only when its halted beginning has settled', async () => {
    const { stub, clock, session } = begin();
    const started = session.start();
    await turns();
    clock.pass(999);
    await turns();
    expect(stub.asked).toEqual(['?']);
    clock.pass(1);
    await started;
    expect(stub.asked).toEqual(['?', 'c']);
    session.close();
    expect(clock.pending).toBe(0);
  });

  it('asks one thing after the other and matches answers by order', async () => {
    const { stub, session } = await running();
    stub.silent = true;
    const first = session.ask('m80000000,1');
    const second = session.ask('m80000000,2');
    await turns();
    expect(stub.asked.slice(2)).toEqual(['m80000000,1']);
    stub.answer();
    expect(await first).toBe('00');
    await turns();
    stub.answer();
    expect(await second).toBe('0000');
  });

  it('takes a late answer for nobody’s, after its caller left', async () => {
    const { stub, session } = await running();
    stub.silent = true;
    const left = new AbortController();
    const given = session.ask('m80000000,1', left.signal);
    await turns();
    left.abort(new Error('never mind'));
    await expect(given).rejects.toThrow('never mind');
    const next = session.ask('m80000000,2');
    await turns();
    expect(stub.asked.slice(2)).toEqual(['m80000000,1']);
    stub.answer();
    await turns();
    stub.answer();
    expect(await next).toBe('0000');
  });

  it('never sends what was given up before its turn', async () => {
    const { stub, session } = await running();
    stub.silent = true;
    const first = session.ask('m80000000,1');
    const left = new AbortController();
    const second = session.ask('M80000000,1:ff', left.signal);
    left.abort(new Error('never mind'));
    await expect(second).rejects.toThrow('never mind');
    await turns();
    stub.answer();
    await first;
    await turns();
    expect(stub.asked.slice(2)).toEqual(['m80000000,1']);
  });

  it('answers a lone acknowledgement at once, so that the answer behind it is not held back', async () => {
    const { stub, session } = await running();
    stub.silent = true;
    const before = stub.acks;
    const asked = session.ask('m80000000,1');
    await turns();
    expect(stub.acks).toBe(before + 1);
    stub.answer();
    await asked;
    expect(stub.acks).toBe(before + 2);
  });

  it('sends again what was not understood, and not for ever', async () => {
    const { stub, session } = await running();
    stub.silent = true;
    const asked = session.ask('m80000000,1');
    const rejected = expect(asked).rejects.toMatchObject({ code: 'protocol_unexpected' });
    await turns();
    for (let refusal = 0; refusal < 4; refusal++) stub.raw('-');
    await rejected;
    expect(stub.asked.slice(2)).toHaveLength(4);
    expect(session.alive).toBe(false);
  });

  it('lets the game go again when something halted it', async () => {
    const { stub, session } = await running();
    stub.raw(encodePacket('T0540:80010000;'));
    await turns();
    expect(session.alive).toBe(true);
    expect(stub.asked).toEqual(['?', 'c', 'c']);
    expect(await session.ask('m80000000,1')).toBe('00');
  });

  it.each([
    ['it closes', (stub: FakeStub) => stub.close(), 'device_lost'],
    ['it says that the game has ended', (stub: FakeStub) => stub.raw('$W00#b7'), 'device_lost'],
    ['it talks nonsense', (stub: FakeStub) => stub.raw('HTTP/1.1 400 Bad Request'), 'protocol_malformed'],
  ] as const)('is lost when %s, with the call that is under way', async (_, harm, code) => {
    const { stub, session } = await running();
    stub.silent = true;
    const asked = expect(session.ask('m80000000,1')).rejects.toMatchObject({ code });
    await turns();
    harm(stub);
    await asked;
    expect(session.alive).toBe(false);
    await expect(session.ask('m80000000,1')).rejects.toMatchObject({ code });
  });

  it('refuses an answer to nothing', async () => {
    const { stub, session } = await running();
    stub.raw('$OK#9a');
    expect(session.alive).toBe(false);
    expect(stub.closed).toBe(true);
  });

  it('says when nobody is there', async () => {
    const session = new GdbSession({
      endpoint: ENDPOINT,
      stream: (_, handlers) => {
        queueMicrotask(() => handlers.close('connect ENOENT /nowhere'));
        return { send: () => {}, destroy: () => {} };
      },
    });
    await expect(session.start()).rejects.toMatchObject({
      code: 'device_refused',
      message: expect.stringContaining('connect ENOENT /nowhere'),
    });
  });

  it('does not begin with something else', async () => {
    const stub = new FakeStub();
    stub.override = () => 'OK';
    const { session } = begin(stub);
    await expect(session.start()).rejects.toMatchObject({ code: 'protocol_unexpected' });
    expect(stub.closed).toBe(true);
  });

  it('closes twice, and while it begins', async () => {
    const { session, stub, clock } = begin();
    const started = expect(session.start()).rejects.toMatchObject({ code: 'device_closed' });
    await turns();
    session.close();
    session.close();
    clock.pass(1_000);
    await started;
    expect(stub.closed).toBe(true);
  });
});
