import { openCartridge, SnesConsole } from '@causeway/testbed/console';
import { BAG_SIZE, buildCartridge, type CartridgeMapping, COMMANDS, MODES, STATE } from '@causeway/testbed/snes-game';
import { describe, expect, it } from 'vitest';
import { toolAvailable } from '../../support/require-tool.js';
import { RETROARCH_PROBE, RetroArchConsole } from '../retroarch/retroarch.js';
import { framesOf, type GameMemory, RealGame, SAVE_SIZE, STATE_AT, type Write } from './real-game.js';

/** Chests while the keeper plays, and again before the next death. */
const AUTOPLAY_FRAMES = 3;
/** Items the bag takes before it is full. */
const ROOM = 40;
const SEED = Number(process.env['CAUSEWAY_MODEL_SEED'] ?? Date.now() % 100_000);

const u16 = (value: number): readonly number[] => [value & 0xff, (value >> 8) & 0xff];

/** Small and the same everywhere. */
const randomOf = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** What a client, or a hostile one, might write before the next frame: mail that fits or does not, deaths, commands, nonsense. */
const mischief = (random: (below: number) => number, taken: number): readonly Write[] => {
  const mail = (number: number): readonly Write[] => [
    { offset: STATE.mail.offset, data: Uint8Array.from([...u16(number), ...u16(random(8)), ...u16(random(0x1_0000))]) },
    { offset: STATE.mailFull.offset, data: Uint8Array.of(1) },
  ];
  const command = (code: number): readonly Write[] => [
    { offset: STATE.argument.offset, data: Uint8Array.from(u16(random(0x1_0000))) },
    { offset: STATE.command.offset, data: Uint8Array.of(code) },
  ];
  switch (random(40)) {
    case 0:
    case 1:
      return mail(random(0x1_0000));
    case 2:
      return mail(taken);
    case 3:
      return [{ offset: STATE.mailFull.offset, data: Uint8Array.of(2 + random(254)) }];
    case 4:
      return command(random(256));
    case 5:
    case 6:
      return command(COMMANDS.open);
    case 7:
      return [{ offset: STATE.kill.offset, data: Uint8Array.of(1 + random(255)) }];
    case 8:
      return [...mail(taken + 1), { offset: STATE.kill.offset, data: Uint8Array.of(1) }, ...command(COMMANDS.open)];
    case 9:
      return random(4) === 0 ? command(COMMANDS.wipe) : command(COMMANDS.die);
    default:
      return random(2) === 0 ? mail(taken + 1) : [];
  }
};

/** The program in RetroArch and the model of it, side by side. */
class Comparison {
  readonly model: SnesConsole;
  readonly #real: RealGame;

  constructor(real: RealGame, image: Uint8Array) {
    this.#real = real;
    this.model = new SnesConsole(openCartridge(image));
  }

  /** Resets both. Work RAM is noise when the power comes on: the model begins with what is there. */
  async reset(): Promise<void> {
    const { wram, sram } = this.model.memory;
    const { before, after } = await this.#real.reset();
    wram.set(before.state, STATE_AT.offset);
    sram.set(before.save);
    this.model.reset();
    const bootAndFrames = 1 + framesOf(after.state);
    for (let frame = 0; frame < bootAndFrames; frame++) this.model.poll();
    this.#expectSame(after, 'after a reset');
  }

  async step(writes: readonly Write[], when: string): Promise<void> {
    const { before, after } = await this.#real.advance(writes);
    this.#catchUp(before);
    this.#expectSame(before, `${when}, before ${JSON.stringify(writes)}`);
    for (const { offset, data } of writes) this.model.memory.wram.set(data, offset);
    this.#catchUp(after);
    this.#expectSame(after, `${when}, after ${JSON.stringify(writes)}`);
  }

  #catchUp({ state }: GameMemory): void {
    const { wram } = this.model.memory;
    const due = framesOf(state) - framesOf(wram.subarray(STATE_AT.offset, STATE_AT.offset + STATE_AT.size));
    for (let frame = 0; frame < due; frame++) this.model.poll();
  }

  #expectSame(real: GameMemory, when: string): void {
    const { wram, sram } = this.model.memory;
    const model = wram.subarray(STATE_AT.offset, STATE_AT.offset + STATE_AT.size);
    expect(hexLines(model), `work RAM ${when}`).toEqual(hexLines(real.state));
    expect(hexLines(sram.subarray(0, SAVE_SIZE)), `save RAM ${when}`).toEqual(hexLines(real.save));
  }
}

/** Sixteen bytes a line: a failure shows which. */
const hexLines = (bytes: Uint8Array): readonly string[] =>
  Array.from({ length: bytes.length / 16 }, (_, line) =>
    Buffer.from(bytes.subarray(line * 16, line * 16 + 16)).toString('hex'),
  );

const play = async (mapping: CartridgeMapping, frames: number): Promise<void> => {
  const image = buildCartridge({ mapping, slotName: 'Ana', autoplay: AUTOPLAY_FRAMES });
  await using console = await RetroArchConsole.start(image);
  await console.pause();
  await using real = await RealGame.behind(console.port, mapping);
  const both = new Comparison(real, image);
  const random = randomOf(SEED);
  await both.reset();
  // So that the bag fills up on the way.
  await both.step(
    [{ offset: STATE.taken.offset, data: Uint8Array.from(u16(BAG_SIZE - ROOM)) }],
    'with a nearly full bag',
  );
  const { wram } = both.model.memory;
  for (let step = 0; step < frames; step++) {
    const taken = (wram[STATE.taken.offset] ?? 0) | ((wram[STATE.taken.offset + 1] ?? 0) << 8);
    // Now and then while the title is shown, so that mail has to wait.
    const quiet = wram[STATE.mode.offset] === MODES.title && step % 20 !== 0;
    await both.step(quiet ? [] : mischief(random, taken), `in step ${step} of seed ${SEED}`);
  }
  await both.reset();
  await real.spoilSave();
  await both.reset();
};

describe.skipIf(!toolAvailable('retroarch', RETROARCH_PROBE))('the model of Marshlight against the program', () => {
  it.each([
    ['lorom', 400],
    ['hirom', 150],
    ['exhirom', 150],
  ] as const)('is the same byte for byte, frame by frame: %s', (mapping, frames) => play(mapping, frames));
});
