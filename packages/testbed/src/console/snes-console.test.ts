import { describe, expect, it } from 'vitest';
import { buildCartridge, type CartridgeMapping } from '../snes-game/cartridge.js';
import { COMMANDS, MAGIC, MODES, PATTERN, SAVE_MAGIC, STATE } from '../snes-game/memory-map.js';
import { SnesConsole } from './snes-console.js';
import { openCartridge } from './snes-memory.js';

const AT = {
  mode: STATE.mode.offset,
  chests: STATE.chests.offset,
  taken: STATE.taken.offset,
  mail: STATE.mail.offset,
  full: STATE.mailFull.offset,
};

const start = ({
  mapping = 'lorom',
  autoplay = 0,
}: {
  readonly mapping?: CartridgeMapping;
  readonly autoplay?: number;
} = {}) => {
  const console = new SnesConsole(openCartridge(buildCartridge({ mapping, slotName: 'Ana', autoplay })));
  const run = (frames: number): void => {
    for (let frame = 0; frame < frames; frame++) console.poll();
  };
  const byte = (offset: number): number | undefined => console.memory.wram[offset];
  const post = (number: number, item: number, from = 2): void => {
    const { wram } = console.memory;
    wram.set([number & 0xff, number >> 8, item, 0, from, 0], AT.mail);
    wram[AT.full] = 1;
  };
  return { console, run, byte, post };
};

const frames = ({ memory: { wram } }: SnesConsole): number => new DataView(wram.buffer).getUint32(0x1010, true);

describe('Marshlight on the console', () => {
  it.each(['lorom', 'hirom', 'exhirom'] as const)('boots, shows its title for a second and plays: %s', (mapping) => {
    const { console, run, byte } = start({ mapping });
    expect(byte(AT.mode)).toBe(MODES.boot);
    run(1);
    const { wram, sram } = console.memory;
    expect(new TextDecoder().decode(wram.subarray(0x1000, 0x100f))).toBe(MAGIC);
    expect(new TextDecoder().decode(sram.subarray(0, 4))).toBe(SAVE_MAGIC);
    expect(wram.subarray(PATTERN.offset, PATTERN.offset + 3)).toEqual(Uint8Array.of(0xa5, 0xa4, 0xa7));
    run(59);
    expect([byte(AT.mode), frames(console)]).toEqual([MODES.title, 59]);
    run(1);
    expect([byte(AT.mode), byte(STATE.health.offset)]).toEqual([MODES.playing, 3]);
    expect(new DataView(wram.buffer).getUint32(0x1070, true)).toBe(60 ^ 0x5a5a_5a5a);
  });

  it('takes the next number once, and no other', () => {
    const { console, run, byte, post } = start();
    run(61);
    post(1, 7);
    run(1);
    expect([byte(AT.taken), byte(AT.full), byte(0x1107)]).toEqual([1, 0, 1]);
    expect([console.memory.sram[0x200], console.memory.sram[0x107], console.memory.sram[4]]).toEqual([7, 1, 1]);
    for (const wrong of [1, 3, 0]) {
      post(wrong, 8);
      run(1);
    }
    expect([byte(AT.taken), byte(STATE.refused.offset), byte(0x1108)]).toEqual([1, 3, 0]);
  });

  it('leaves mail where it is until the keeper is in the marsh, and lights the light with five Sparks', () => {
    const { run, byte, post } = start();
    run(30);
    post(1, 4);
    run(30);
    expect(byte(AT.full)).toBe(1);
    run(2);
    expect(byte(AT.full)).toBe(0);
    for (const number of [2, 3, 4]) {
      post(number, 4);
      run(1);
    }
    expect(byte(STATE.goal.offset)).toBe(0);
    post(5, 4);
    run(1);
    expect(byte(STATE.goal.offset)).toBe(1);
  });

  it('keeps whose save it is, and leaves mail alone once its bag is full', () => {
    const { console, run, byte, post } = start();
    run(61);
    const { wram } = console.memory;
    const owner = STATE.ownerName.offset;
    expect(new TextDecoder().decode(wram.subarray(owner, owner + 4))).toBe('Ana\0');
    for (let number = 1; number <= 257; number++) {
      post(number, 7);
      run(1);
    }
    expect([byte(AT.taken), byte(AT.taken + 1), byte(AT.full), byte(STATE.refused.offset)]).toEqual([0, 1, 1, 0]);
    expect(byte(0x1107)).toBe(0);
    console.memory.sram[0x2ff] = 8;
    console.reset();
    run(1);
    expect([byte(0x1107), byte(0x1108)]).toEqual([255, 1]);
  });

  it('opens a chest every so many frames, stages in order, only where the keeper gets', () => {
    const { run, byte, post } = start({ autoplay: 10 });
    run(61 + 9);
    expect(byte(AT.chests)).toBe(0b1);
    run(200);
    expect([byte(AT.chests), byte(AT.chests + 1)]).toEqual([0x3f, 0]);
    post(1, 1);
    run(21);
    expect(byte(AT.chests + 1)).toBe(0b11);
  });

  it('dies when asked, comes back after 90 frames, and obeys commands', () => {
    const { console, run, byte } = start();
    run(61);
    const { wram } = console.memory;
    wram[STATE.kill.offset] = 1;
    run(1);
    expect([byte(AT.mode), byte(STATE.health.offset), byte(STATE.deaths.offset)]).toEqual([MODES.dead, 0, 1]);
    run(89);
    expect(byte(AT.mode)).toBe(MODES.dead);
    run(1);
    expect(byte(AT.mode)).toBe(MODES.playing);
    wram[STATE.argument.offset] = 2 * 8 + 3;
    wram[STATE.command.offset] = COMMANDS.open;
    run(1);
    expect([byte(AT.chests + 2), byte(STATE.command.offset)]).toEqual([0b1000, 0]);
    wram[STATE.command.offset] = COMMANDS.wipe;
    run(1);
    expect([byte(AT.chests + 2), console.memory.sram[0x0a]]).toEqual([0, 0]);
  });
});

describe('SnesConsole', () => {
  it('keeps save RAM through reset and power cycle; counts resets until the power goes', () => {
    const { console, run, byte, post } = start();
    run(61);
    post(1, 7);
    run(1);
    console.reset();
    run(1);
    expect([byte(AT.mode), byte(STATE.boots.offset), byte(AT.taken)]).toEqual([MODES.title, 2, 1]);
    console.powerCycle();
    run(1);
    expect([console.frame, byte(STATE.boots.offset), byte(AT.taken)]).toEqual([1, 1, 1]);
  });

  it('goes back to a state of its own cartridge only', () => {
    const { console, run, byte, post } = start();
    run(61);
    const state = console.saveState();
    post(1, 7);
    run(5);
    console.loadState(state);
    expect([console.frame, byte(AT.taken), byte(AT.full), console.memory.sram[4]]).toEqual([61, 0, 0, 0]);
    run(5);
    console.loadState(state);
    expect(console.frame).toBe(61);
    console.insert(start().console.cartridge);
    expect(() => console.loadState(state)).toThrow(expect.objectContaining({ code: 'file_unreadable' }));
  });

  it('is the same every time, frame by frame', () => {
    const [one, other] = [start({ autoplay: 7 }), start({ autoplay: 7 })];
    one.run(500);
    other.run(500);
    expect(Buffer.compare(one.console.memory.wram, other.console.memory.wram)).toBe(0);
  });

  it('serves what waits before each frame, paused or not, and stands still while paused', async () => {
    const { console, run } = start();
    run(10);
    const seen = console.atPoll(() => frames(console));
    const failed = console.atPoll(() => {
      throw new Error('no');
    });
    run(1);
    expect(await seen).toBe(9);
    await expect(failed).rejects.toThrow('no');
    console.pause();
    const paused = console.atPoll(() => frames(console));
    run(3);
    expect([await paused, console.frame]).toEqual([10, 11]);
  });

  it('holds other cartridges, and none, without running anything', () => {
    const console = new SnesConsole(openCartridge(new Uint8Array(0x8200).fill(1), 'other'));
    console.poll();
    expect([console.frame, console.memory.rom.length, console.memory.wram[0x1014]]).toEqual([1, 0x8000, 0]);
    console.insert(undefined);
    console.poll();
    expect([console.frame, console.cartridge]).toEqual([0, undefined]);
  });
});
