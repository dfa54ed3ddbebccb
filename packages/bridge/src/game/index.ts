export type {
  Effect,
  Frame,
  GameIdentity,
  GameModule,
  Guard,
  Identification,
  ReadPlan,
  Snapshot,
  StepResult,
  Write,
  WriteOutcome,
} from './contract.js';
