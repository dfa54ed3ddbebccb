export type { HoldCause, HoldEnd } from './brake-state.js';
export type { LoginRequest, Session, SessionOptions } from './contract.js';
export { createSession } from './create-session.js';
export type { SessionEvent, SessionEventBody } from './events.js';
export { FLOOD_LIMITS, type FloodLimits } from './flood-limits.js';
