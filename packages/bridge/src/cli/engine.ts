import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { MultiworldClient } from '../multiworld/client-contract.js';
import type { Multiworld } from '../multiworld/contract.js';
import type { LoginRequest, Session, SessionOptions } from '../session/contract.js';

/** Everything needed to join a room as one slot. */
export interface JoinRequest {
  /** `HOST:PORT`, `ws://…` or `wss://…`; never a name or password in it. */
  readonly server: string;
  /** The room's page on the web host, where the link named it: what follows a room that moves. */
  readonly room?: string;
  readonly slot: string;
  /** Asked before each login; `refused` when the answer before was wrong. Nothing: there is no password to give. */
  readonly password: (refused: boolean) => string | undefined | Promise<string | undefined>;
  readonly request: LoginRequest;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timeoutMs?: number;
}

/** A login as the session and the person at the prompt need it. */
export type JoinedRoom = Multiworld & Pick<MultiworldClient, 'names' | 'get' | 'ready' | 'disconnect' | 'reconnect'>;

/** What `run` puts together. Loaded only by it, and replaceable in tests. */
export interface Engine {
  createSession(options: SessionOptions): Session;
  openMultiworld(join: JoinRequest): JoinedRoom;
}
