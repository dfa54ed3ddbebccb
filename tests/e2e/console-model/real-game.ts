import { createSocket, type Socket } from 'node:dgram';
import { on, once } from 'node:events';
import { encodeCommand, parseReply, type RetroArchCommand, type RetroArchReply } from '@causeway/protocol/retroarch';
import { type CartridgeMapping, MAGIC, STATE } from '@causeway/testbed/snes-game';

/** What the game keeps for others, in work RAM, and the part of save RAM it uses. */
export const STATE_AT = { offset: 0x1000, size: 0x200 } as const;
export const SAVE_SIZE = 0x300;

const WORK_RAM = 0x7e_0000;
const SAVE_RAM: Readonly<Record<CartridgeMapping, number>> = { lorom: 0x70_0000, hirom: 0x30_6000, exhirom: 0xa0_6000 };
const ANSWER_MS = 5000;
/** Frames in which the game must come up, and questions until a frame must have passed. */
const TRIES = 40;
/** Questions between two keys. */
const LOOKS = 5;

export interface GameMemory {
  readonly state: Uint8Array;
  readonly save: Uint8Array;
}

/** A change before a frame, in work RAM. */
export interface Write {
  readonly offset: number;
  readonly data: Uint8Array;
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

  async memory(): Promise<GameMemory> {
    const [state, save] = await this.#ask([
      { kind: 'read', address: WORK_RAM + STATE_AT.offset, size: STATE_AT.size },
      { kind: 'read', address: this.#save, size: SAVE_SIZE },
    ]);
    if (state?.kind !== 'read' || save?.kind !== 'read') throw new Error('RetroArch does not show the game.');
    return { state: state.data, save: save.data };
  }

  /** The first byte of the save, by which the game knows it for one of its own. */
  async spoilSave(): Promise<void> {
    await this.#ask([{ kind: 'write', address: this.#save, data: Uint8Array.of(0) }]);
  }

  /** Resets, and goes on until the game counts frames again. While paused, RetroArch takes this key with a frame only. */
  async reset(): Promise<GameMemory> {
    const { state: before } = await this.memory();
    await this.#ask([RESET, ADVANCE, { kind: 'status' }]);
    for (let tries = 1; tries <= TRIES; tries++) {
      const memory = tries % LOOKS === 0 ? await this.#press() : await this.memory();
      if (isUp(memory.state) && bootsOf(memory.state) !== bootsOf(before)) return memory;
    }
    throw new Error('The game does not come up again.');
  }

  /** One frame, after these changes. */
  async advance(writes: readonly Write[] = []): Promise<GameMemory> {
    const before = framesOf((await this.memory()).state);
    let memory = await this.#press(writes);
    for (let tries = 1; framesOf(memory.state) === before; tries++) {
      if (tries > TRIES) throw new Error(`RetroArch stays at frame ${before}.`);
      memory = tries % LOOKS === 0 ? await this.#press() : await this.memory();
    }
    return memory;
  }

  /**
   * RetroArch takes a key at the first of the looks at which it is down: some have to pass before it is pressed again, and one
   * look may take several questions.
   */
  async #press(writes: readonly Write[] = []): Promise<GameMemory> {
    const commands = writes.map(({ offset, data }) => ({ kind: 'write', address: WORK_RAM + offset, data }) as const);
    await this.#ask([...commands, ADVANCE, { kind: 'status' }]);
    return this.memory();
  }

  /** The answers to commands that RetroArch takes at one look, all of them. */
  async #ask(commands: readonly RetroArchCommand[]): Promise<readonly RetroArchReply[]> {
    const replies: RetroArchReply[] = [];
    const wanted = commands.filter(({ kind }) => kind !== 'key').length;
    const messages = on(this.#socket, 'message', { signal: AbortSignal.timeout(ANSWER_MS) });
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
