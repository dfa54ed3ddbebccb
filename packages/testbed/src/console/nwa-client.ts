import type { Socket } from 'node:net';
import { encodeNwaReply, type NwaCommand, NwaCommandDecoder, nwaError } from '@causeway/protocol/nwa';
import type { NwaCommands } from './nwa-commands.js';
import type { SnesConsole } from './snes-console.js';

/** Commands that wait for a frame, from which on nothing more is read of a client. */
const MAX_WAITING = 64;
/** Answers a client has not taken yet, in bytes, from which on nothing more is done for it. */
const MAX_UNSENT_BYTES = 1 << 20;

/** One connection. All that waits is carried out before the next frame, in order. */
export class NwaClient {
  readonly #socket: Socket;
  readonly #commands: NwaCommands;
  readonly #decoder = new NwaCommandDecoder();
  readonly #waiting: NwaCommand[] = [];
  /** What was sent and is no command; told when everything before it is answered. */
  #mistake: Error | undefined;

  constructor(socket: Socket, console: SnesConsole, commands: NwaCommands) {
    this.#socket = socket;
    this.#commands = commands;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on(
      'close',
      console.onPoll(() => this.#poll()),
    );
  }

  #receive(chunk: Uint8Array): void {
    if (this.#mistake) return;
    try {
      for (const command of this.#decoder.push(chunk)) this.#waiting.push(command);
    } catch (error) {
      this.#mistake = error instanceof Error ? error : new Error(String(error));
    }
    if (this.#waiting.length >= MAX_WAITING) this.#socket.pause();
  }

  #poll(): void {
    while (this.#socket.writable && this.#socket.writableLength < MAX_UNSENT_BYTES) {
      const command = this.#waiting.shift();
      if (!command) {
        this.#listen();
        break;
      }
      this.#socket.write(encodeNwaReply(this.#commands.answer(command)));
    }
  }

  /** All is answered: to more, or to no more. */
  #listen(): void {
    this.#socket.resume();
    if (this.#mistake) this.#socket.end(encodeNwaReply(nwaError('protocol_error', this.#mistake.message)));
  }
}
