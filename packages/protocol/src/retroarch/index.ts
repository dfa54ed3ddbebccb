export {
  encodeCommand,
  encodeCommands,
  HOT_KEYS,
  type HotKey,
  parseCommand,
  parseCommands,
  type RetroArchCommand,
} from './command.js';
export { MAX_ADDRESS, MAX_COMMAND, MAX_READ, MAX_WRITE, OLDEST_VERSION, RETROARCH_PORT } from './limits.js';
export { encodeReply, isAtLeast, parseReply, type RetroArchReply, type RetroArchStatus } from './reply.js';
