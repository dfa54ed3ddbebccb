import { writeJson } from '../python/write-json.js';
import type { Client } from './client.js';

/** A command on its way to clients. Values may be plain objects or Python values. */
export type Packet = { readonly cmd: string; readonly [field: string]: unknown } | ReadonlyMap<string, unknown>;

/** Where the room's messages and decisions go: sockets, or a test. */
export interface Outlet {
  /** One websocket text message. */
  send(client: Client, text: string): void;
  /** Ends a connection from the server's side. */
  close(client: Client, code: number): void;
}

/**
 * Puts messages in the order of the reference server: answers to the acting client go out at once, everything broadcast
 * follows when the client's whole message has been handled (`client-commonclient-game`).
 *
 * Texts are made at once in both cases: stored values can change in place before they leave.
 */
export class Outbox {
  readonly #outlet: Outlet;
  #later: { readonly clients: readonly Client[]; readonly text: string }[] = [];

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Answers at once. */
  reply(client: Client, ...packets: readonly Packet[]): void {
    this.#outlet.send(client, writeJson(packets));
  }

  /** Sends what is already written, at once. */
  replyText(client: Client, text: string): void {
    this.#outlet.send(client, text);
  }

  /** Sends after the current message has been handled. Nothing is written when nobody listens. */
  post(clients: Iterable<Client>, packets: readonly Packet[]): void {
    const listeners = [...clients];
    if (listeners.length > 0 && packets.length > 0) this.#later.push({ clients: listeners, text: writeJson(packets) });
  }

  close(client: Client, code: number): void {
    this.#outlet.close(client, code);
  }

  flush(): void {
    const due = this.#later;
    this.#later = [];
    for (const { clients, text } of due) {
      for (const client of clients) this.#outlet.send(client, text);
    }
  }
}
