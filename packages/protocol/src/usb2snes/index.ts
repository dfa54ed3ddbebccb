export { type Abandon, AnswerQueue } from './answer-queue.js';
export { type AppKind, type AppVersion, parseAppVersion } from './app-version.js';
export { ByteCollector } from './byte-collector.js';
export { type DeviceKind, type DeviceName, parseDeviceName } from './device-name.js';
export {
  FEATURE_FLAGS,
  formatInfo,
  type InfoFlag,
  isKnownInfo,
  LIMIT_FLAGS,
  NO_INFO,
  parseInfo,
  type Usb2SnesInfo,
} from './info.js';
export {
  FIRST_HARDWARE_ADDRESS,
  MAX_ADDRESS,
  MAX_HARDWARE_WRAM_WRITE_SIZE,
  MAX_RANGES,
  MAX_READ_SIZE,
  MAX_RESULTS,
  MAX_SMALL_RANGE_SIZE,
  MAX_SMALL_RANGES,
  MAX_TEXT_LENGTH,
  MAX_WRITE_SIZE,
  USB2SNES_LEGACY_PORT,
  USB2SNES_PORT,
} from './limits.js';
export { hasResults, isOpcode, needsAttachment, OPCODES, type Opcode } from './opcodes.js';
export { type AddressRange, decodeNumber, decodeRanges, encodeNumber, encodeRanges, totalSize } from './ranges.js';
export {
  decodeRequest,
  encodeRequest,
  type RequestFlag,
  type RequestOptions,
  type Space,
  type Usb2SnesRequest,
} from './request.js';
export { decodeResults, encodeResults } from './results.js';
