import { CausewayError } from '@causeway/protocol/errors';
import { describe, expect, it } from 'vitest';
import type { DeviceStatus, OpenOptions } from '../device/contract.js';
import { FakeDevice } from './rig/fake-device.js';
import { fakeItems, fakeRoom } from './rig/fake-multiworld.js';
import { fakeModule, idleStep, SessionRig } from './rig/session-rig.js';

const joined = async (rig: SessionRig, room = fakeRoom()): Promise<SessionRig> => {
  await rig.pass(100);
  rig.multiworld.join(room);
  await rig.pass(100);
  return rig;
};

describe('device', () => {
  it('is opened again and again with growing waits, and each reason is told once', async () => {
    const attempts: number[] = [];
    let code: 'device_not_found' | 'device_busy' = 'device_not_found';
    const rig: SessionRig = new SessionRig({
      openDevice: () => {
        attempts.push(rig.clock.now());
        return Promise.reject(new CausewayError(code, code));
      },
    });
    await rig.pass(8750);
    expect(attempts.map((at) => at - (attempts[0] ?? 0))).toEqual([0, 250, 750, 1750, 3750, 8750]);
    code = 'device_busy';
    await rig.pass(20_000);
    expect(rig.told('device.waiting').map((event) => event['code'])).toEqual(['device_not_found', 'device_busy']);
    expect(await rig.stop()).toBe(0);
  });

  it('ends the session when the error is final', async () => {
    const rig = new SessionRig({ openDevice: () => Promise.reject(new CausewayError('usage', 'bad uri')) });
    await rig.pass(10);
    expect(rig.ended).toMatchObject({ code: 'usage' });
    expect(rig.told('error')).toMatchObject([{ code: 'usage' }]);
  });

  it('is opened anew after it was lost, and the login goes on', async () => {
    const rig = await joined(new SessionRig());
    rig.device.lose();
    await rig.pass(1000);
    expect(rig.told('device.lost')).toMatchObject([{ uri: 'fake://1', retrying: true }]);
    expect(rig.told('device.connected')).toHaveLength(2);
    expect(rig.multiworlds).toHaveLength(1);
    expect(rig.device.batches.length).toBeGreaterThan(10);
    expect(rig.multiworld.called('playing')).toEqual([[true], [false], [true]]);
  });

  it('tells when it is paused and resumed', async () => {
    let status: (status: DeviceStatus) => void = () => {};
    const rig: SessionRig = new SessionRig({
      openDevice: ({ onStatus }: OpenOptions) => {
        status = onStatus ?? status;
        return Promise.resolve(new FakeDevice({ clock: rig.clock, memory: rig.memory }));
      },
    });
    await rig.pass(50);
    for (const now of ['paused', 'paused', 'running', 'closed'] as const) status(now);
    await rig.pass(50);
    expect(rig.events.map(({ event }) => event).filter((event) => /paused|resumed/.test(event))).toEqual([
      'device.paused',
      'device.resumed',
    ]);
  });

  it('that says of itself that it is paused is not told of a second time when frames stop', async () => {
    let status: (status: DeviceStatus) => void = () => {};
    let counter = 0;
    let runs = true;
    const module = fakeModule((_frame, _room, state) => {
      if (runs) counter++;
      return { state, effects: [], playing: true, frame: counter };
    });
    const rig: SessionRig = new SessionRig({
      modules: [module],
      openDevice: ({ onStatus }: OpenOptions) => {
        status = onStatus ?? status;
        return Promise.resolve(new FakeDevice({ clock: rig.clock, memory: rig.memory, capabilities: [] }));
      },
    });
    await joined(rig);
    runs = false;
    status('paused');
    await rig.pass(1500);
    status('running');
    runs = true;
    await rig.pass(500);
    expect(rig.events.map(({ event }) => event).filter((event) => /paused|resumed/.test(event))).toEqual([
      'device.paused',
      'device.resumed',
    ]);
  });

  it.each([
    ['frame by frame', { capabilities: ['atomicBatch', 'framePaced'], answerMs: 16 }, 62],
    ['not faster than every 4 ms in fast-forward', { capabilities: ['atomicBatch', 'framePaced'], answerMs: 1 }, 250],
    ['every 16 ms without frames', { capabilities: [], answerMs: 1 }, 62],
  ] as const)('is polled %s', async (_name, device, batches) => {
    const rig = await joined(new SessionRig({ device }));
    const before = rig.device.batches.length;
    await rig.pass(1000);
    expect(Math.abs(rig.device.batches.length - before - batches)).toBeLessThanOrEqual(2);
  });

  it('that refuses a batch is told of once, looked at again, ever less often, and goes on when it can', async () => {
    let refusing = true;
    const rig = await joined(
      new SessionRig({
        device: {
          intercept: (steps) => {
            if (refusing && steps.some(({ at }) => at.domain === 'RAM')) {
              throw new CausewayError('batch_step_failed', 'no RAM');
            }
            return undefined;
          },
        },
      }),
    );
    await rig.pass(10_000);
    expect(rig.told('error')).toMatchObject([{ code: 'batch_step_failed' }]);
    expect(rig.device.batches.length).toBeLessThan(40);
    expect(rig.multiworld.called('playing')).toEqual([]);
    refusing = false;
    await rig.pass(6000);
    expect(rig.multiworld.called('playing')).toEqual([[true]]);
  });
});

describe('game', () => {
  it('that no module knows ends the session, after it had time to load', async () => {
    const rig = new SessionRig();
    rig.memory.ROM[0] = 8;
    await rig.pass(1500);
    expect(rig.ended).toBeUndefined();
    await rig.pass(1500);
    expect(rig.ended).toMatchObject({ code: 'rom_not_recognised' });
  });

  it('has that time on every device anew', async () => {
    const rig = new SessionRig();
    rig.memory.ROM[0] = 8;
    await rig.pass(1500);
    rig.device.lose();
    await rig.pass(1500);
    expect(rig.ended).toBeUndefined();
    rig.memory.ROM[0] = 7;
    await rig.pass(500);
    expect(rig.told('game.selected')).toHaveLength(1);
  });

  it('that several modules know is not guessed', async () => {
    const rig = new SessionRig({ modules: [fakeModule(idleStep), fakeModule(idleStep, { id: 'other' })] });
    await rig.pass(3000);
    expect(rig.ended).toMatchObject({ code: 'game_ambiguous', context: { modules: ['fake', 'other'] } });
  });

  it('is asked for in one batch, and a probe the emulator refuses hides only its own module', async () => {
    const greedy = fakeModule(idleStep, { id: 'greedy', probe: { all: { domain: 'RAM', offset: 8, size: 8 } } });
    const rig = new SessionRig({
      modules: [greedy, fakeModule(idleStep)],
      device: {
        intercept: (steps) => {
          if (steps.some(({ at }) => at.offset === 8)) throw new CausewayError('batch_step_failed', 'no');
          return undefined;
        },
      },
    });
    await rig.pass(100);
    expect(rig.told('game.selected')).toMatchObject([{ module: 'fake' }]);
    expect(rig.device.batches[0]?.map(({ at }) => at.domain)).toEqual(['RAM', 'ROM']);
  });

  it('that changes takes its login with it; the old one is closed and hears nothing more', async () => {
    const rig = await joined(new SessionRig());
    const [first] = rig.multiworlds;
    rig.memory.ROM[1] = 2;
    await rig.pass(300);
    expect(first?.closed).toBe(1);
    expect(rig.multiworlds.map(({ login }) => login.identity.slotName)).toEqual(['slot1', 'slot2']);
    const before = rig.events.length;
    first?.tell({ kind: 'text', text: 'late', category: 'Chat' });
    await rig.pass(20);
    expect(rig.events).toHaveLength(before);
  });

  it('that disappears for a moment keeps its login', async () => {
    const rig = await joined(new SessionRig());
    rig.memory.ROM[0] = 0;
    await rig.pass(1000);
    rig.memory.ROM[0] = 7;
    await rig.pass(1000);
    expect(rig.multiworlds).toHaveLength(1);
    expect(rig.multiworld.closed).toBe(0);
  });

  it('that is gone for good is left, and the session waits for another', async () => {
    const rig = await joined(new SessionRig());
    rig.memory.ROM[0] = 0;
    await rig.pass(5000);
    expect(rig.multiworld.closed).toBe(1);
    expect(rig.told('error')).toMatchObject([{ code: 'rom_not_recognised' }]);
    expect(rig.ended).toBeUndefined();
    rig.memory.ROM[0] = 7;
    await rig.pass(500);
    expect(rig.multiworlds).toHaveLength(2);
  });

  it('whose recognition bytes move goes on without them', async () => {
    const rig = await joined(new SessionRig());
    const before = rig.device.batches.length;
    for (let change = 0; change < 10; change++) {
      rig.memory.ROM[3] = change;
      await rig.pass(100);
    }
    expect(rig.multiworlds).toHaveLength(1);
    // Each tick reads; only the first changes cost a look more.
    const guarded = rig.device.batches.slice(before).filter((steps) => steps.some(({ at }) => at.domain === 'RAM'));
    expect(guarded.length).toBeGreaterThan(50);
  });

  it.each(['start', 'plan', 'step'] as const)('whose module fails in %s ends the session', async (phase) => {
    const fail = (): never => {
      throw new Error('oops');
    };
    const rig = new SessionRig({ modules: [fakeModule(idleStep, { [phase]: fail })] });
    await joined(rig);
    expect(rig.ended).toMatchObject({ code: 'game_module_failed', context: { module: 'fake', phase } });
    expect(rig.told('error')).toMatchObject([{ code: 'game_module_failed' }]);
    expect(rig.multiworld.closed).toBe(1);
  });

  it('whose plan no longer holds is told, or started anew', async () => {
    const value = { domain: 'RAM', offset: 0, size: 1 };
    const plan = (state: unknown) => ({
      regions: { value },
      ...(state === 'guarded' ? { guards: [{ at: value, expect: Uint8Array.of(1) }] } : {}),
    });
    const started: unknown[] = [];
    const start = (): unknown => {
      started.push('start');
      return 'guarded';
    };
    const told = await joined(
      new SessionRig({ modules: [fakeModule(idleStep, { start, plan, guardFailed: () => 'open' })] }),
    );
    expect(started).toEqual(['start']);
    expect(told.multiworld.called('playing')).toEqual([[true]]);
    started.length = 0;
    const restarted = await joined(new SessionRig({ modules: [fakeModule(idleStep, { start, plan })] }));
    expect(started.length).toBeGreaterThan(2);
    expect(restarted.ended).toBeUndefined();
  });
});

describe('server', () => {
  it('that refuses the first login ends the session with its reasons', async () => {
    const rig = new SessionRig();
    await rig.pass(100);
    const error = new CausewayError('server_refused_password', 'no');
    rig.multiworld.tell({ kind: 'refused', reasons: ['InvalidPassword'], error });
    await rig.pass(100);
    expect(rig.ended).toBe(error);
    expect(rig.told('server.refused')).toMatchObject([
      { code: 'server_refused_password', reasons: ['InvalidPassword'] },
    ]);
  });

  it('of another seed than the ROM gets nothing and gives nothing', async () => {
    const identity = { title: 'Fake', slotName: 'Ana', itemsHandling: 7, seed: 'ours' };
    const module = fakeModule(
      (_frame, _room, state) => ({ state, playing: true, effects: [{ kind: 'check', locations: [1] }] }),
      { identify: () => ({ match: 'yes', identity }) },
    );
    const rig = await joined(new SessionRig({ modules: [module] }), fakeRoom({ seed: 'theirs' }));
    expect(rig.ended).toMatchObject({ code: 'server_seed_mismatch', context: { rom: 'ours', room: 'theirs' } });
    expect(rig.multiworld.calls).toEqual([]);
    expect(rig.told('server.connected')).toEqual([]);
  });

  it('that comes back with another seed is not played on', async () => {
    const module = fakeModule((_frame, _room, state) => ({
      state,
      playing: true,
      effects: [{ kind: 'check', locations: [1] }],
    }));
    const rig = await joined(new SessionRig({ modules: [module] }));
    const before = rig.multiworld.calls.length;
    rig.multiworld.join(fakeRoom({ seed: 'next' }));
    await rig.pass(500);
    expect(rig.multiworld.calls).toHaveLength(before);
    expect(rig.multiworld.closed).toBe(1);
    expect(rig.told('error')).toMatchObject([{ code: 'server_seed_mismatch' }]);
    expect(rig.ended).toBeUndefined();
  });

  it('is told with names: login, items, loss, texts, deaths', async () => {
    const rig = await joined(new SessionRig(), fakeRoom({ items: fakeItems(5) }));
    rig.multiworld.items(fakeItems(5, 6));
    rig.multiworld.tell({ kind: 'lost', error: new CausewayError('server_lost', 'gone'), retryInMs: 500 });
    rig.multiworld.tell({ kind: 'text', text: 'hello', category: 'Chat' });
    rig.multiworld.tell({ kind: 'death', death: { time: 1, source: 'Bo', cause: 'lava' } });
    rig.multiworld.join(fakeRoom({ items: fakeItems(5, 6) }));
    await rig.pass(50);
    expect(rig.told('server.connected')[0]).toEqual({
      slot: 'Ana',
      game: 'Fake',
      seed: 'seed',
      items: 1,
      checked: 0,
      locations: 3,
    });
    const received = { from: 'player 2', own: false, flags: 1 };
    expect(rig.told('item.received')).toEqual([
      { ...received, index: 0, id: 5, name: 'item 5', location: 'place 50' },
      { ...received, index: 1, id: 6, name: 'item 6', location: 'place 51' },
    ]);
    expect(rig.told('server.lost')).toEqual([{ message: 'gone', retryInMs: 500 }]);
    expect(rig.told('message')).toEqual([{ text: 'hello', category: 'Chat' }]);
    expect(rig.told('death.received')).toEqual([{ source: 'Bo', cause: 'lava' }]);
  });
});

describe('stop', () => {
  it('closes server and device in order, twice is fine, and the events end', async () => {
    const rig = await joined(new SessionRig());
    expect(await rig.stop()).toBeLessThan(50);
    expect(await rig.stop()).toBe(0);
    expect(rig.ended).toBe('stopped');
    expect(rig.device.status).toBe('closed');
    expect(rig.multiworld.closed).toBe(1);
    // Nothing is left that could keep a process alive, but the answer this device still owes.
    await rig.pass(100);
    expect(rig.clock.pending).toBe(0);
  });

  it.each([
    ['a device that never answers', { deaf: true, stuck: false }],
    ['a server that never closes', { deaf: false, stuck: true }],
  ])('takes bounded time with %s', async (_name, { deaf, stuck }) => {
    const rig = await joined(new SessionRig());
    rig.device.deaf = deaf;
    rig.multiworld.stuck = stuck;
    await rig.pass(100);
    expect(await rig.stop()).toBeLessThanOrEqual(5000);
    expect(rig.ended).toBe('stopped');
  });

  it('takes bounded time while a device is being opened, and closes one that comes late', async () => {
    let arrive: (device: FakeDevice) => void = () => {};
    const rig = new SessionRig({
      openDevice: () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    });
    await rig.pass(10);
    expect(await rig.stop()).toBeLessThanOrEqual(10);
    const late = new FakeDevice({ clock: rig.clock, memory: rig.memory });
    arrive(late);
    await rig.pass(10);
    expect(late.status).toBe('closed');
  });
});
