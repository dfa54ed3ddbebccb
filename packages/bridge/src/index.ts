// For launchers: everything joined in one call, and its parts.

export { CausewayError, ERRORS, type ErrorCode } from '@causeway/protocol/errors';
// What is passed in.
export { type Clock, type Random, systemClock } from './clock.js';
export type { Device, Driver } from './device/contract.js';
export type { GameModule } from './game/contract.js';
export { type LogFields, type Logger, silentLogger } from './logger.js';
export type { Multiworld } from './multiworld/contract.js';
export { openMultiworld } from './multiworld/open-multiworld.js';
export type { Session, SessionOptions } from './session/contract.js';
export { createSession } from './session/create-session.js';
export type { SessionEvent } from './session/events.js';
export { type BridgeOptions, startBridge } from './start-bridge.js';
