import { describe, expect, it } from 'vitest';
import type { Step } from '../device/contract.js';
import type { Effect, Frame, WriteOutcome } from '../game/contract.js';
import { mailboxDelivery } from '../game/delivery-mailbox.js';
import { viewMemory } from '../game/memory-view.js';
import { fakeItems, fakeRoom } from './rig/fake-multiworld.js';
import { fakeModule, type RigOptions, SessionRig } from './rig/session-rig.js';

/** A module that wants `effects` at each step, and what it was shown. */
const wanting = (
  effects: (frame: Frame, step: number) => readonly Effect[],
  rest: RigOptions = {},
  received?: () => number,
) => {
  const frames: Frame[] = [];
  const module = fakeModule((frame, _room, state) => {
    frames.push(frame);
    const count = received?.();
    return {
      state,
      playing: true,
      effects: effects(frame, frames.length),
      ...(count === undefined ? {} : { received: count }),
    };
  });
  return { frames, rig: new SessionRig({ modules: [module], ...rest }) };
};

const join = async (rig: SessionRig, room = fakeRoom()): Promise<void> => {
  await rig.pass(100);
  rig.multiworld.join(room);
  await rig.pass(200);
};

const write = (label: string, offset: number, expected: number, delivers?: number): Effect => ({
  kind: 'write',
  label,
  guards: [{ at: { domain: 'RAM', offset }, expect: Uint8Array.of(expected) }],
  writes: [{ at: { domain: 'RAM', offset: offset + 8 }, data: Uint8Array.of(0xee) }],
  ...(delivers === undefined ? {} : { delivers }),
});

describe('checks', () => {
  it('are reported once, without those the server has or the slot lacks, and told with names and frame', async () => {
    const { rig } = wanting(() => [{ kind: 'check', locations: [1, 2, 3, 99] }]);
    await join(rig, fakeRoom({ checked: new Set([3]) }));
    expect(rig.multiworld.called('check')).toEqual([[1, 2]]);
    expect(rig.told('location.checked')).toEqual([
      { ids: [1, 2], names: ['place 1', 'place 2'], frame: expect.any(Number) },
    ]);
  });

  it('are reported again after a login that does not know them, but not told again', async () => {
    const { rig } = wanting(() => [{ kind: 'check', locations: [1, 2] }]);
    await join(rig);
    await join(rig, fakeRoom({ checked: new Set([1]) }));
    expect(rig.multiworld.called('check')).toEqual([[1, 2], [2]]);
    expect(rig.told('location.checked')).toHaveLength(1);
  });

  it('count only while a save is played; so do goal and death', async () => {
    const module = fakeModule((_frame, _room, state) => ({
      state,
      playing: false,
      effects: [{ kind: 'check', locations: [1] }, { kind: 'goal' }, { kind: 'death' }],
    }));
    const rig = new SessionRig({ modules: [module] });
    await join(rig);
    expect(rig.multiworld.calls).toEqual([]);
  });
});

describe('other effects', () => {
  it('reach the server, each as it is meant', async () => {
    const effects: readonly Effect[] = [
      { kind: 'goal' },
      { kind: 'tag', name: 'DeathLink', on: true },
      { kind: 'say', text: 'hi' },
      { kind: 'store', key: 'k', operations: [{ operation: 'add', value: 1 }], default: 0 },
      { kind: 'scout', locations: [2, 99], hint: 2 },
      { kind: 'message', text: 'hello' },
      { kind: 'death', cause: 'lava' },
    ];
    const { rig } = wanting((_frame, step) => (step <= 2 ? effects : []), {
      device: { capabilities: ['atomicBatch', 'framePaced', 'message'] },
    });
    await join(rig);
    expect(rig.multiworld.called('goal')).toEqual([[]]);
    expect(rig.multiworld.called('tag')).toEqual([['DeathLink', true]]);
    expect(rig.multiworld.called('say')).toEqual([['hi'], ['hi']]);
    expect(rig.multiworld.called('store')).toHaveLength(2);
    expect(rig.multiworld.called('scout')[0]).toEqual([[2], { hint: 2 }]);
    expect(rig.multiworld.called('death')[0]).toEqual([{ source: 'Ana', cause: 'lava' }]);
    expect(rig.device.shown).toEqual(['hello', 'hello']);
    expect(rig.told('goal.reached')).toHaveLength(1);
    expect(rig.told('death.sent')).toEqual([{ cause: 'lava' }, { cause: 'lava' }]);
  });

  it('show deaths of others to the module once', async () => {
    const { rig, frames } = wanting(() => []);
    await join(rig);
    const death = { time: 1, source: 'Bo' };
    rig.multiworld.tell({ kind: 'death', death });
    await rig.pass(200);
    expect(frames.flatMap(({ deaths }) => deaths)).toEqual([death]);
  });

  it('keep deaths that came while the device was away from the module', async () => {
    const { rig, frames } = wanting(() => []);
    await join(rig);
    rig.multiworld.tell({ kind: 'death', death: { time: 1, source: 'Bo' } });
    rig.device.lose();
    await rig.pass(1000);
    expect(frames.flatMap(({ deaths }) => deaths)).toEqual([]);
    for (let time = 0; time < 20; time++) rig.multiworld.tell({ kind: 'death', death: { time, source: 'Bo' } });
    await rig.pass(100);
    expect(frames.flatMap(({ deaths }) => deaths)).toHaveLength(8);
  });

  it('show what scouts found out to the module once', async () => {
    const { rig, frames } = wanting((_frame, step) => (step === 1 ? [{ kind: 'scout', locations: [2] }] : []));
    const found = [{ index: 0, item: 9, location: 2, player: 3, flags: 1 }];
    await rig.pass(100);
    rig.multiworld.scout = () => Promise.resolve(found);
    rig.multiworld.join(fakeRoom());
    await rig.pass(200);
    expect(frames.flatMap(({ scouted = [] }) => scouted)).toEqual(found);
  });

  it('and writes all stay undone under observe, but are told', async () => {
    const effects: readonly Effect[] = [
      { kind: 'check', locations: [1] },
      { kind: 'goal' },
      { kind: 'say', text: 'hi' },
      { kind: 'death' },
      { kind: 'tag', name: 'DeathLink', on: true },
      { kind: 'scout', locations: [1], hint: 2 },
      { kind: 'store', key: 'k', operations: [{ operation: 'add', value: 1 }] },
      { kind: 'message', text: 'hello' },
      write('w', 0, 0),
    ];
    const identity = { title: 'Fake', slotName: 'Ana', itemsHandling: 7, tags: ['DeathLink'] };
    const module = fakeModule((_frame, _room, state) => ({ state, playing: true, effects }), {
      identify: () => ({ match: 'yes', identity }),
    });
    const { rig } = wanting(() => [], { observe: true, modules: [module] });
    await join(rig);
    rig.device.lose();
    await rig.pass(1000);
    await join(rig);
    expect(rig.multiworld.calls).toEqual([]);
    expect(rig.multiworld.login.identity.tags).toEqual([]);
    expect(rig.session.say('hi')).toBe(false);
    expect(rig.device.batches.flat().filter(({ kind }) => kind === 'write')).toEqual([]);
    expect(rig.device.shown).toEqual([]);
    expect(rig.told('location.checked')).toHaveLength(1);
    expect(rig.told('goal.reached')).toHaveLength(1);
    expect(rig.told('death.sent').length).toBeGreaterThan(0);
  });
});

describe('writes', () => {
  const outcomesIn = (frames: readonly Frame[]): readonly WriteOutcome[] => frames.flatMap(({ outcomes }) => outcomes);
  const kinds = (steps: readonly Step[]): string => steps.map(({ kind }) => kind[0]).join('');

  it("travel with the next tick's reads and cost no frame of their own", async () => {
    const { rig, frames } = wanting((_frame, step) => (step === 1 ? [write('w', 0, 0)] : []));
    await join(rig);
    const ticks = rig.device.batches.filter((steps) => steps.some(({ at }) => at.domain === 'RAM'));
    // Identity guard, read; then once the write behind them.
    expect(ticks.slice(0, 3).map(kinds)).toEqual(['gr', 'grgw', 'gr']);
    // The last batch is still under way.
    expect(ticks).toHaveLength(frames.length + 1);
    expect(frames[1]?.outcomes).toEqual([{ label: 'w', outcome: 'applied' }]);
    expect(rig.memory.RAM[8]).toBe(0xee);
  });

  it('that are refused still yield the reads, stop those behind them, and stand last the next time', async () => {
    const { rig, frames } = wanting((_frame, step) => (step <= 2 ? [write('bad', 1, 0x55), write('good', 0, 0)] : []));
    await join(rig);
    expect(outcomesIn(frames)).toEqual([
      { label: 'bad', outcome: 'refused' },
      { label: 'good', outcome: 'skipped' },
      { label: 'good', outcome: 'applied' },
      { label: 'bad', outcome: 'refused' },
    ]);
    expect(frames[1]?.snapshot['value']).toHaveLength(4);
    expect([rig.memory.RAM[8], rig.memory.RAM[9]]).toEqual([0xee, 0]);
  });

  it('whose answer got lost are unknown to the module once the device is back', async () => {
    const { rig, frames } = wanting((_frame, step) => (step === 1 ? [write('w', 0, 0)] : []));
    await rig.pass(100);
    rig.multiworld.join(fakeRoom());
    await rig.clock.runUntil(() => rig.device.batches.some((steps) => steps.some(({ kind }) => kind === 'write')), 500);
    rig.device.lose();
    await rig.pass(1000);
    expect(outcomesIn(frames)).toEqual([{ label: 'w', outcome: 'unknown' }]);
    expect(rig.devices).toHaveLength(2);
    expect(rig.told('error')).toEqual([]);
  });

  it('decided on for a list that was replaced are not carried out', async () => {
    const { rig, frames } = wanting((_frame, step) => (step === 1 ? [write('w', 0, 0)] : []), { pollMs: 100 });
    await rig.pass(100);
    rig.multiworld.join(fakeRoom());
    await rig.clock.runUntil(() => frames.length === 1, 500);
    rig.multiworld.items(fakeItems(1), true);
    await rig.pass(300);
    expect(outcomesIn(frames)).toEqual([{ label: 'w', outcome: 'skipped' }]);
    expect(rig.memory.RAM[8]).toBe(0);
  });
});

describe('delivery', () => {
  const regions = { counter: { domain: 'RAM', offset: 0, size: 1 }, mailbox: { domain: 'RAM', offset: 1, size: 1 } };
  const delivery = mailboxDelivery({
    counter: { domain: 'RAM', offset: 0, size: 1 },
    advancedBy: 'client',
    reads: [regions.mailbox],
    ready: (memory) => memory.bytes(regions.mailbox)[0] === 0,
    writes: ({ item }) => [{ at: { domain: 'RAM', offset: 1 }, data: Uint8Array.of(item) }],
  });
  const module = fakeModule(
    ({ snapshot, outcomes }, room, state) => {
      const memory = viewMemory(delivery.regions, snapshot);
      const next = delivery.next({ memory, items: room.items, outcomes });
      const received = delivery.received(memory);
      return { state, playing: true, effects: next ? [next] : [], ...(received === undefined ? {} : { received }) };
    },
    { plan: () => ({ regions: delivery.regions }) },
  );

  it('is told entry by entry, with a rewind when the game goes back', async () => {
    const rig = new SessionRig({ modules: [module] });
    await join(rig, fakeRoom({ items: fakeItems(5, 6) }));
    expect([...rig.memory.RAM.subarray(0, 2)]).toEqual([1, 5]);
    rig.memory.RAM[1] = 0;
    await rig.pass(200);
    expect([...rig.memory.RAM.subarray(0, 2)]).toEqual([2, 6]);
    rig.memory.RAM.set([1, 0]);
    await rig.pass(200);
    const item = { index: 1, id: 6, name: 'item 6' };
    expect(rig.told('item.delivered')).toEqual([
      { index: 0, id: 5, name: 'item 5', again: false },
      { ...item, again: false },
      { ...item, again: true },
    ]);
    expect(rig.told('delivery.rewound')).toEqual([{ from: 2, to: 1 }]);
  });

  it('stops, and says so once, when the save has taken more than the room has sent', async () => {
    let taken = 3;
    const { rig } = wanting(
      () => [write('deliver 0', 0, 0, 0), write('else', 1, 0)],
      {},
      () => taken,
    );
    await join(rig, fakeRoom({ items: fakeItems(5) }));
    expect(rig.told('save.mismatch')).toEqual([{ received: 3, items: 1, cause: 'save' }]);
    expect([rig.memory.RAM[8], rig.memory.RAM[9]]).toEqual([0, 0xee]);
    taken = 0;
    await rig.pass(100);
    expect(rig.memory.RAM[8]).toBe(0xee);
    taken = 3;
    await rig.pass(100);
    expect(rig.told('save.mismatch')).toHaveLength(2);
  });
});

describe("the game's own frame counter, on a device without one", () => {
  it('tells a paused game from a running one', async () => {
    let counter = 0;
    let runs = true;
    const step = () => {
      if (runs) counter++;
      return { state: {}, effects: [], playing: true, frame: counter };
    };
    const rig = new SessionRig({ modules: [fakeModule(step)], device: { capabilities: [] } });
    await join(rig);
    runs = false;
    await rig.pass(1500);
    expect(rig.told('device.paused')).toHaveLength(1);
    runs = true;
    await rig.pass(500);
    expect(rig.told('device.resumed')).toHaveLength(1);
  });
});
