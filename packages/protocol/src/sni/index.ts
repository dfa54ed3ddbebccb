export type {
  DetectMemoryMappingRequest,
  DetectMemoryMappingResponse,
  DevicesRequest,
  DevicesResponse,
  DevicesResponse_Device as SniDevice,
  FieldsRequest,
  FieldsResponse,
  MultiReadMemoryRequest,
  MultiReadMemoryResponse,
  MultiWriteMemoryRequest,
  MultiWriteMemoryResponse,
  NWACommandRequest,
  NWACommandResponse,
  ReadMemoryRequest,
  ReadMemoryResponse,
  WriteMemoryRequest,
  WriteMemoryResponse,
} from './generated/sni_pb.js';
export { AddressSpace, DeviceCapability, DirEntryType, Field, MemoryMapping } from './generated/sni_pb.js';
export {
  SNI_MAX_CARTRIDGE_WRITE_BYTES,
  SNI_MAX_MESSAGE_BYTES,
  SNI_MAX_READ_BYTES,
  SNI_MAX_WRITE_BYTES,
  SNI_MIN_DEADLINE_MS,
  SNI_PORT,
  SNI_ROM_HEADER_BYTES,
} from './limits.js';
export { SNI_SERVICES, type SniMethod } from './methods.js';
