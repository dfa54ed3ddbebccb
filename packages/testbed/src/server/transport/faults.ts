import { readJson } from '../python/read-json.js';
import { isDict, type PyValue } from '../python/values.js';
import { writeJson } from '../python/write-json.js';
import type { Connection } from './connection.js';

/** Which connections a fault hits. Without it: all. */
export type FaultTarget = (connection: { /** 0 before login. */ readonly slot: number }) => boolean;

const EVERYBODY: FaultTarget = () => true;

interface Countdown {
  readonly target: FaultTarget;
  left: number;
}

interface Swallow extends Countdown {
  readonly cmd: string;
}

/**
 * Switches that make a room's network misbehave, for tests of what clients do then.
 *
 * They act between the room and the sockets: the room believes all went well, as a server does.
 */
export class Faults {
  /** New connections are cut off before the handshake. */
  refuseConnections = false;
  /** Every message waits this long, both ways; order is kept. */
  delayMs = 0;
  readonly #connections: ReadonlySet<Connection>;
  #cutAfter: Countdown[] = [];
  #duplicates: Countdown[] = [];
  #swallows: Swallow[] = [];

  /** @internal */
  constructor(connections: ReadonlySet<Connection>) {
    this.#connections = connections;
  }

  /** Cuts connections now, without a closing handshake: clients see 1006. */
  cut(target: FaultTarget = EVERYBODY): void {
    for (const connection of this.#hit(target)) connection.cut();
  }

  /** Closes connections now with a code, in order. */
  close(code: number, target: FaultTarget = EVERYBODY): void {
    for (const connection of this.#hit(target)) connection.close(code);
  }

  /** Cuts the connection that sends or is sent the `count`-th message from now on; 1 is the next one, which is lost. */
  cutAfter(count: number, target: FaultTarget = EVERYBODY): void {
    this.#cutAfter.push({ target, left: count });
  }

  /** Sends the next `count` messages twice. */
  duplicate(count = 1, target: FaultTarget = EVERYBODY): void {
    this.#duplicates.push({ target, left: count });
  }

  /** Loses the next `count` packets of a kind on their way out. Lost ReceivedItems leave a gap in the index. */
  swallow(cmd: string, count = 1, target: FaultTarget = EVERYBODY): void {
    this.#swallows.push({ target, left: count, cmd });
  }

  /** Sends text that no server would send. */
  garbage(text: string, target: FaultTarget = EVERYBODY): void {
    for (const connection of this.#hit(target)) connection.sendRaw(text);
  }

  /** Sends the beginning of a message and never its end. */
  halfFrame(target: FaultTarget = EVERYBODY): void {
    for (const connection of this.#hit(target)) connection.sendHalfFrame();
  }

  /** Falls silent: reads nothing, answers no ping, sends nothing, and keeps the connection open. */
  freeze(target: FaultTarget = EVERYBODY): void {
    for (const connection of this.#hit(target)) connection.freeze();
  }

  /** Everything back to normal. What was lost stays lost. */
  clear(): void {
    this.refuseConnections = false;
    this.delayMs = 0;
    this.#cutAfter = [];
    this.#duplicates = [];
    this.#swallows = [];
  }

  /**
   * Whether this message is the one at which its connection is to be cut.
   *
   * @internal
   */
  countsOut(connection: Connection): boolean {
    return take(this.#cutAfter, connection, ({ left }) => left === 1);
  }

  /**
   * What really goes out in the place of one message.
   *
   * @internal
   */
  outgoing(connection: Connection, text: string): readonly string[] {
    const rest = this.#swallows.length > 0 ? this.#swallowed(connection, text) : text;
    if (rest === undefined) return [];
    return take(this.#duplicates, connection, () => true) ? [rest, rest] : [rest];
  }

  #swallowed(connection: Connection, text: string): string | undefined {
    const packets = readJson(text);
    if (!Array.isArray(packets)) return text;
    const kept = packets.filter((packet) => !this.#swallowsPacket(connection, packet));
    if (kept.length === packets.length) return text;
    this.#swallows = this.#swallows.filter(({ left }) => left > 0);
    return kept.length > 0 ? writeJson(kept) : undefined;
  }

  #swallowsPacket(connection: Connection, packet: PyValue): boolean {
    const cmd = isDict(packet) ? packet.get('cmd') : undefined;
    const fault = this.#swallows.find(
      (swallow) => swallow.left > 0 && swallow.cmd === cmd && swallow.target(connection),
    );
    if (!fault) return false;
    fault.left -= 1;
    return true;
  }

  #hit(target: FaultTarget): readonly Connection[] {
    return [...this.#connections].filter(target);
  }
}

/** Counts one message against every fault that hits this connection; true when one of them is due. */
const take = (faults: Countdown[], connection: Connection, isDue: (fault: Countdown) => boolean): boolean => {
  let due = false;
  for (const fault of faults.filter(({ target }) => target(connection))) {
    if (isDue(fault)) due = true;
    fault.left -= 1;
    if (fault.left <= 0) faults.splice(faults.indexOf(fault), 1);
  }
  return due;
};
