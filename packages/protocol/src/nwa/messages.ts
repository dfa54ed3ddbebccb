/** What a client asks. */
export interface NwaCommand {
  /** Upper case, without the `b` that announces a block: `CORE_READ`. */
  readonly name: string;
  readonly args: readonly string[];
  /** Data that goes with it. Its presence is what puts the `b` in front of the name. */
  readonly block?: Uint8Array;
}

/** Lines of a text reply that belong together: one element of a list, or all there is. */
export type NwaItem = ReadonlyMap<string, string>;

/** Kinds of failure an emulator names. Others may come; after `protocol_error` it closes. */
export type NwaErrorKind = 'invalid_command' | 'invalid_argument' | 'not_allowed' | 'protocol_error' | 'command_error';

export interface NwaBinaryReply {
  readonly kind: 'binary';
  readonly data: Uint8Array;
}
export interface NwaTextReply {
  readonly kind: 'text';
  /** One per element; empty for a plain success. */
  readonly items: readonly NwaItem[];
}
export interface NwaErrorReply {
  readonly kind: 'error';
  /** A {@link NwaErrorKind}, as far as the peer keeps to the document. */
  readonly error: string;
  readonly reason: string;
}
/** Something that happened, sent without being asked, to clients that registered for it. */
export interface NwaSignal {
  readonly kind: 'signal';
  readonly name: string;
  /** `USER` or `NWA:<client>`. */
  readonly source: string;
  readonly items: readonly NwaItem[];
}

/** An answer: exactly one per command, in the order of the commands. */
export type NwaReply = NwaBinaryReply | NwaTextReply | NwaErrorReply;
