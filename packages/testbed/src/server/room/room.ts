import { silentLogger, systemClock } from '@causeway/bridge';
import { readMessage } from '../python/read-json.js';
import { PythonError } from '../python/values.js';
import { iterate } from './arguments.js';
import { Client } from './client.js';
import { runConsole } from './console.js';
import { dispatch } from './dispatch.js';
import { Outbox, type Outlet } from './outbox.js';
import { leave } from './presence.js';
import { RoomContext, type RoomSurroundings } from './room-context.js';
import type { RoomDefinition } from './room-definition.js';
import { roomInfo } from './room-info.js';
import { RoomInspection } from './room-inspection.js';
import { freshState } from './room-state.js';
import { readSave, writeSave } from './save.js';

/** Close code with which the reference server ends a connection whose message it could not digest. */
const DROPPED = 1000;

/**
 * A multiworld room without sockets: commands of clients in, messages for clients out.
 *
 * Deterministic: the same commands in the same order give the same messages, given the same clock and random.
 */
export class Room {
  readonly #context: RoomContext;
  readonly inspect: RoomInspection;
  #nextClient = 1;

  constructor(definition: RoomDefinition, outlet: Outlet, surroundings: Partial<RoomSurroundings> = {}) {
    this.#context = new RoomContext(definition, freshState(definition), new Outbox(outlet), {
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
      emit: () => {},
      ...surroundings,
    });
    this.inspect = new RoomInspection(this.#context);
  }

  /** What `/exit` and `/save` in the console do. */
  set hooks(hooks: { readonly exit: () => void; readonly save: () => void }) {
    this.#context.onExit = hooks.exit;
    this.#context.onSave = hooks.save;
  }

  /** A connection has opened; it is greeted with RoomInfo. */
  open(options: { readonly compressed: boolean }): Client {
    const client = new Client(this.#nextClient, options.compressed);
    this.#nextClient += 1;
    this.#context.clients.add(client);
    return client;
  }

  /** Sends RoomInfo. Apart from {@link open}, so that the caller knows the client before the first message to it. */
  greet(client: Client): void {
    this.#context.outbox.reply(client, roomInfo(this.#context));
  }

  /** One websocket text message of a client. What cannot be digested ends the connection in silence. */
  receive(client: Client, text: string): void {
    if (!this.#context.clients.has(client)) return;
    try {
      for (const command of iterate(readMessage(text))) dispatch(this.#context, client, command);
    } catch (error) {
      if (!(error instanceof PythonError)) this.#reportBug(error);
      this.#drop(client, error as Error);
    }
    this.#context.outbox.flush();
  }

  /** A binary message: ends the connection, as there. */
  receiveBinary(client: Client): void {
    this.#drop(client, new PythonError('binary message'));
    this.#context.outbox.flush();
  }

  /** A connection is gone. Twice is fine. */
  leave(client: Client): void {
    if (!this.#context.clients.has(client)) return;
    leave(this.#context, client);
    this.#context.outbox.flush();
  }

  /** A line typed by the host; returns what only the host sees. */
  console(line: string): readonly string[] {
    const lines: string[] = [];
    try {
      runConsole(this.#context, line, (text) => lines.push(text));
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      lines.push(`That failed: ${error.message}`);
    }
    this.#context.outbox.flush();
    return lines;
  }

  /** Everything that happened so far, as text for {@link load}. */
  save(): string {
    return writeSave(this.#context);
  }

  /**
   * Puts the room back to what {@link save} wrote, of this or an earlier time. Clients must log in again: do this while
   * nobody is connected.
   */
  load(text: string): void {
    this.#context.state = readSave(this.#context.definition, text);
  }

  /** Stops what runs by itself. */
  dispose(): void {
    this.#context.stopCountdown?.();
    this.#context.stopCountdown = undefined;
  }

  #drop(client: Client, error: Error): void {
    this.#context.surroundings.emit({ kind: 'dropped', slot: client.slot, reason: error.message });
    this.#context.surroundings.logger.warn('room.dropped', { slot: client.slot, reason: error.message });
    // First the close: after it nothing reaches this client, its own Part line included.
    this.#context.outbox.flush();
    this.#context.outbox.close(client, DROPPED);
    leave(this.#context, client);
  }

  /** Not a client's fault. It still costs only that client its connection. */
  #reportBug(error: unknown): void {
    this.#context.surroundings.logger.error('room.bug', { error: String((error as Error).stack ?? error) });
  }
}
