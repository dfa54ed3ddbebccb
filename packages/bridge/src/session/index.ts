export type { LoginRequest, Session, SessionOptions } from './contract.js';
export { createSession } from './create-session.js';
export type { SessionEvent, SessionEventBody } from './events.js';
