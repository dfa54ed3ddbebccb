import { closeSync, fstatSync, openSync, readdirSync, readlinkSync, readSync, statSync, writeSync } from 'node:fs';
import { type Cell, decodeCell, encodeCell } from '@causeway/bridge/game';
import { COMMANDS, MAGIC, MEM1_BASE, SCENES, STATE } from '@causeway/testbed/dolphin-game';
import { until } from './until.js';

const arenaOf = (pid: number): string | undefined =>
  readdirSync(`/proc/${pid}/fd`)
    .map((number) => `/proc/${pid}/fd/${number}`)
    .find((link) => {
      try {
        return readlinkSync(link).includes('/dolphin-emu.') && statSync(link).size > 0;
      } catch {
        return false;
      }
    });

/**
 * The player's hands: drives Rillgate in a Dolphin whose process is known, without the code under test. Of MEM1 only, which is
 * where Dolphin's memory object begins.
 */
export class GuestMemory implements Disposable {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Opens the memory of a Dolphin that runs. */
  static of(pid: number): GuestMemory {
    const link = arenaOf(pid);
    if (link === undefined) throw new Error(`Process ${pid} has no memory of a game.`);
    return new GuestMemory(openSync(link, 'r+'));
  }

  /** Waits until Rillgate runs in there. */
  static async whenRunning(pid: number, signal: AbortSignal): Promise<void> {
    await until(() => arenaOf(pid) !== undefined, 'The game memory', signal);
    using memory = GuestMemory.of(pid);
    await until(() => memory.bytes(STATE.magic).toString('latin1') === MAGIC, 'The program', signal);
  }

  get size(): number {
    return fstatSync(this.#fd).size;
  }

  bytes({ offset, size }: { readonly offset: number; readonly size: number }): Buffer {
    const bytes = Buffer.alloc(size);
    readSync(this.#fd, bytes, 0, size, offset);
    return bytes;
  }

  get(cell: Cell): number {
    return decodeCell(cell, this.bytes(cell));
  }

  set(cell: Cell, value: number): void {
    writeSync(this.#fd, encodeCell(cell, value), 0, cell.size, cell.offset);
  }

  put(offset: number, bytes: Uint8Array): void {
    writeSync(this.#fd, bytes, 0, bytes.length, offset);
  }

  /** A 32-bit word at a guest address of MEM1. */
  wordAt(address: number): number {
    return this.bytes({ offset: address - MEM1_BASE, size: 4 }).readUInt32BE();
  }

  /** Has the game do something and waits until it did. */
  async command(name: keyof typeof COMMANDS, arg0 = 0, arg1 = 0): Promise<number> {
    const sequence = (this.get(STATE.commandSeq) + 1) >>> 0;
    this.set(STATE.command, COMMANDS[name]);
    this.set(STATE.arg0, arg0);
    this.set(STATE.arg1, arg1);
    this.set(STATE.commandSeq, sequence);
    await until(() => this.get(STATE.commandAck) === sequence, `The game's answer to ${name}`);
    return this.get(STATE.result);
  }

  /** Waits until a stage is being played. */
  inGame(): Promise<void> {
    return until(() => this.get(STATE.scene) === SCENES.game, 'A stage');
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
