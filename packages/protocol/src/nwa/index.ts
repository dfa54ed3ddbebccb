export { NwaCommandDecoder, type NwaCommandLimits } from './command-decoder.js';
export {
  coreRead,
  coreWrite,
  type NwaAskedRanges,
  type NwaRange,
  parseCoreRanges,
  parseNwaNumber,
} from './core-ranges.js';
export { encodeNwaCommand } from './encode-command.js';
export { encodeNwaReply, nwaError, nwaText } from './encode-reply.js';
export {
  NWA_MAX_ARGUMENTS,
  NWA_MAX_BLOCK_BYTES,
  NWA_MAX_LINE_BYTES,
  NWA_MAX_RANGES,
  NWA_MAX_READ_BYTES,
  NWA_MAX_TEXT_BYTES,
  NWA_MAX_WRITE_BYTES,
  NWA_PORT,
  NWA_PORT_COUNT,
  NWA_SERVER_MAX_LINE_BYTES,
} from './limits.js';
export type {
  NwaBinaryReply,
  NwaCommand,
  NwaErrorKind,
  NwaErrorReply,
  NwaItem,
  NwaReply,
  NwaSignal,
  NwaTextReply,
} from './messages.js';
export {
  type NwaCoreInfo,
  type NwaEmulationStatus,
  type NwaEmulatorInfo,
  type NwaGameInfo,
  type NwaMemory,
  readCoreInfo,
  readCoreMemories,
  readEmulationStatus,
  readEmulatorInfo,
  readGameInfo,
} from './replies.js';
export { NwaReplyDecoder, type NwaReplyLimits } from './reply-decoder.js';
