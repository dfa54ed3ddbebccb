import { createSocket, type Socket } from 'node:dgram';
import { on, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeCommand, parseReply, type RetroArchCommand, type RetroArchReply } from '@causeway/protocol/retroarch';
import { type CartridgeMapping, MAGIC, STATE } from '@causeway/testbed/snes-game';

/** What the game keeps for others, in work RAM, and the part of save RAM it uses. */
export const STATE_AT = { offset: 0x1000, size: 0x200 } as const;
export const SAVE_SIZE = 0x300;

const WORK_RAM = 0x7e_0000;
const SAVE_RAM: Readonly<Record<CartridgeMapping, number>> = { lorom: 0x70_0000, hirom: 0x30_6000, exhirom: 0xa0_6000 };
/** A machine with much else to do takes its time. */
const PATIENCE_MS = 20_000;
/** RetroArch does not tell when a frame has passed. Asked without a pause it may go on answering within one and the same look. */
const PAUSE_MS = 2;
/** Questions between two keys: pressed at two looks in a row, RetroArch takes it for one key held down. */
const LOOKS = 8;

export interface GameMemory {
  readonly state: Uint8Array;
  readonly save: Uint8Array;
}

/** A change before a frame, in work RAM. */
export interface Write {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** Frames that have passed. Mostly one, but on a busy machine RetroArch may have taken a key for two. */
export interface Passage {
  /** As it was when the changes were made. */
  readonly before: GameMemory;
  readonly after: GameMemory;
}

export const framesOf = (state: Uint8Array): number =>
  new DataView(state.buffer, state.byteOffset).getUint32(STATE.frames.offset - STATE_AT.offset, true);

const bootsOf = (state: Uint8Array): number | undefined => state[STATE.boots.offset - STATE_AT.offset];
/** The sign is written last, frames are counted after that. */
const isUp = (state: Uint8Array): boolean =>
  new TextDecoder().decode(state.subarray(0, MAGIC.length)) === MAGIC && framesOf(state) > 0;

const ADVANCE = { kind: 'key', key: 'FRAMEADVANCE' } as const;
const RESET = { kind: 'key', key: 'RESET' } as const;

/** Marshlight in a paused RetroArch, frame by frame. Nothing else may talk to that RetroArch meanwhile. */
export class RealGame implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #save: number;

  private constructor(socket: Socket, mapping: CartridgeMapping) {
    this.#socket = socket;
    this.#save = SAVE_RAM[mapping];
  }

  static async behind(port: number, mapping: CartridgeMapping): Promise<RealGame> {
    const socket = createSocket('udp4');
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RealGame(socket, mapping);
  }

  /** The first byte of the save, by which the game knows it for one of its own. */
  async spoilSave(): Promise<void> {
    await this.#ask([{ kind: 'write', address: this.#save, data: Uint8Array.of(0) }]);
  }

  /** Resets, and goes on until the game counts frames again. While paused, RetroArch takes this key with a frame only. */
  async reset(): Promise<Passage> {
    let before = await this.#look([RESET, ADVANCE]);
    const after = await this.#pressUntil(async ({ state }) => {
      const up = isUp(state);
      if (up && bootsOf(state) !== bootsOf(before.state)) return true;
      // A frame has passed, and the key was not taken with it.
      if (up && framesOf(state) > framesOf(before.state)) before = await this.#look([RESET, ADVANCE]);
      return false;
    });
    return { before, after };
  }

  /** At least one frame, after these changes. */
  async advance(writes: readonly Write[] = []): Promise<Passage> {
    const commands = writes.map(({ offset, data }) => ({ kind: 'write', address: WORK_RAM + offset, data }) as const);
    const before = await this.#look([...commands, ADVANCE]);
    const after = await this.#pressUntil(({ state }) => framesOf(state) !== framesOf(before.state));
    return { before, after };
  }

  async #pressUntil(holds: (memory: GameMemory) => boolean | Promise<boolean>): Promise<GameMemory> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let looks = 1; Date.now() < deadline; looks++) {
      const memory = await this.#look(looks % LOOKS === 0 ? [ADVANCE] : []);
      if (await holds(memory)) return memory;
      await pause(PAUSE_MS);
    }
    throw new Error('RetroArch does not go on.');
  }

  /** What the game shows, and then these commands, all at one look: no frame passes in between. */
  async #look(commands: readonly RetroArchCommand[]): Promise<GameMemory> {
    const [state, save] = await this.#ask([
      { kind: 'read', address: WORK_RAM + STATE_AT.offset, size: STATE_AT.size },
      { kind: 'read', address: this.#save, size: SAVE_SIZE },
      ...commands,
    ]);
    if (state?.kind !== 'read' || save?.kind !== 'read') throw new Error('RetroArch does not show the game.');
    return { state: state.data, save: save.data };
  }

  /** The answers to commands that RetroArch takes at one look, all of them. */
  async #ask(commands: readonly RetroArchCommand[]): Promise<readonly RetroArchReply[]> {
    const replies: RetroArchReply[] = [];
    const wanted = commands.filter(({ kind }) => kind !== 'key').length;
    const messages = on(this.#socket, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
    this.#socket.send(commands.map(encodeCommand).join('\n'));
    for await (const [bytes] of messages) {
      const reply = parseReply(String(bytes));
      if (!reply || reply.kind === 'refused') throw new Error(`RetroArch says ${String(bytes)}`);
      replies.push(reply);
      if (replies.length === wanted) break;
    }
    return replies;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
