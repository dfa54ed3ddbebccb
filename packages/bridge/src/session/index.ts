export type { LoginRequest, Session, SessionOptions } from './contract.js';
export type { SessionEvent, SessionEventBody } from './events.js';
