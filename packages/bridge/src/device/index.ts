export { type Coalesced, type CoalesceLimits, coalesce } from './coalesce.js';
export type {
  Address,
  BatchDone,
  BatchResult,
  BatchStopped,
  CallOptions,
  Capability,
  CloseInfo,
  Device,
  DeviceInfo,
  DeviceListing,
  DeviceStatus,
  DomainInfo,
  Driver,
  GuardStep,
  MessageAbility,
  OpenOptions,
  PauseAbility,
  ReadStep,
  Region,
  RomIdentity,
  Step,
  System,
  WriteStep,
} from './contract.js';
export { supports } from './contract.js';
export { CANONICAL_DOMAINS } from './domains.js';
export { createLinkedDevice, type LinkedDeviceOptions, type LinkedDeviceTimes } from './linked-device.js';
export type { MemoryLink, MemoryRead, MemoryWrite } from './memory-link.js';
export { type Deadline, withDeadline } from './with-deadline.js';
