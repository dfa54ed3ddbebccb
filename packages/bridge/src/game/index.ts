export { type BitOrder, bitSet, type FlagOptions, flaggedLocations, setBits } from './bit-flags.js';
export { type Cell, cellMax, cellRegion, decodeCell, encodeCell } from './cell.js';
export { chooseModule, type ModuleChoice, type NearMiss, type Probes } from './choose-module.js';
export type {
  Effect,
  Frame,
  GameIdentity,
  GameModule,
  Guard,
  Identification,
  ReadPlan,
  SaveMark,
  Snapshot,
  StepResult,
  Write,
  WriteOutcome,
} from './contract.js';
export type { CounterOptions, Delivery, DeliveryTick, WriteEffect } from './delivery.js';
export { type DirectOptions, directDelivery } from './delivery-direct.js';
export { type LogOptions, logDelivery } from './delivery-log.js';
export { type MailboxOptions, mailboxDelivery } from './delivery-mailbox.js';
export { type ProjectionOptions, projectionDelivery } from './delivery-projection.js';
export { type SlotArrayOptions, slotArrayDelivery } from './delivery-slots.js';
export { guardSeen, type MemoryView, readCell, viewMemory, type WatchedView, watchView } from './memory-view.js';
