import type { Driver } from '../device/contract.js';
import type { Logger } from '../logger.js';
import type { BridgeCommand } from './bridge-command.js';
import type { CommandHost } from './command-host.js';
import type { CommonFlags } from './common-flags.js';
import type { FlagTable, FlagValues } from './flag.js';
import type { Output } from './output.js';
import type { Secrets } from './secrets.js';

export interface Operand {
  /** As in help: `DOMAIN`. */
  readonly name: string;
  readonly about: string;
  readonly presence: 'required' | 'optional' | 'repeated';
}

/** One use of a verb: what was asked for and what there is to do it with. */
export interface VerbCall<F extends FlagTable = CommonFlags> {
  readonly command: BridgeCommand;
  readonly host: CommandHost;
  readonly operands: readonly string[];
  readonly flags: FlagValues<F> & FlagValues<CommonFlags>;
  readonly output: Output;
  readonly secrets: Secrets;
  readonly logger: Logger;
  /** Aborted with an `interrupted` error when the person wants to stop. */
  readonly signal: AbortSignal;
  /** Asks to stop, as Ctrl+C does. */
  interrupt(): void;
  driver(): Promise<Driver>;
}

/** The part of a verb that is loaded only when it is used. Settles with the exit code; failures are coded errors. */
export interface VerbProgram<F extends FlagTable = CommonFlags> {
  run(call: VerbCall<F>): Promise<number>;
}

/** A row of the table that help, usage errors and the reference page are made from. */
export interface Verb<F extends FlagTable = FlagTable> {
  readonly name: string;
  /** What it does, in one line without a full stop. */
  readonly summary: string;
  /** Further paragraphs of its help. */
  readonly details: readonly string[];
  readonly operands: readonly Operand[];
  readonly flags: F;
  /** Arguments after the verb, ready to try. */
  readonly examples: readonly string[];
  load(): Promise<VerbProgram<F>>;
}

/** Keeps the types of a verb's flags together with the program that reads them. */
export const defineVerb = <F extends FlagTable>(verb: Verb<F>): Verb<F> => verb;
