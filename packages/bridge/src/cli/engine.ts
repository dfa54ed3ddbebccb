import type { Multiworld } from '../multiworld/contract.js';
import type { LoginRequest, Session, SessionOptions } from '../session/contract.js';

/** What `run` puts together. Loaded only by it, and replaceable in tests. */
export interface Engine {
  createSession(options: SessionOptions): Session;
  openMultiworld(options: LoginRequest): Multiworld;
}
