import { z } from 'zod';

/**
 * Requests and responses of the BizHawk connector protocol, version 1, and Causeway's extensions to it.
 *
 * Field names and response types are those of the reference connector (script version 1). A connector that does not
 * know an extension answers it with `ERROR` `Unknown command: …`, so a client may always ask.
 */

/** Version of the connector protocol that both ends must speak: what the line `VERSION` is answered with. */
export const CONNECTOR_VERSION = 1;

/** Ports a connector script tries in turn; the reference client looks at all but the last. */
export const CONNECTOR_PORTS: readonly number[] = [43055, 43056, 43057, 43058, 43059, 43060];

const integer = z.number().int();
const domain = z.string();

/** @since 1 */
export const PingRequest = z.object({ type: z.literal('PING') });
/** Id of the system whose ROM is loaded. @since 1 */
export const SystemRequest = z.object({ type: z.literal('SYSTEM') });
/** Configured, not running, core per system. @since 1 */
export const PreferredCoresRequest = z.object({ type: z.literal('PREFERRED_CORES') });
/** Opaque digest of the ROM: compare for equality only. @since 1 */
export const HashRequest = z.object({ type: z.literal('HASH') });
/** Size in bytes. An unknown domain yields the size of the current one. @since 1 */
export const MemorySizeRequest = z.object({ type: z.literal('MEMORY_SIZE'), domain });
/** Compares memory; when it differs, the rest of the line is skipped and answered with copies. @since 1 */
export const GuardRequest = z.object({
  type: z.literal('GUARD'),
  address: integer,
  /** Base64. */
  expected_data: z.string(),
  domain,
});
/** Stops the emulator until `UNLOCK` or two seconds without a line. @since 1 */
export const LockRequest = z.object({ type: z.literal('LOCK') });
/** @since 1 */
export const UnlockRequest = z.object({ type: z.literal('UNLOCK') });
/** @since 1 */
export const ReadRequest = z.object({ type: z.literal('READ'), address: integer, size: integer, domain });
/** @since 1 */
export const WriteRequest = z.object({
  type: z.literal('WRITE'),
  address: integer,
  /** Base64. */
  value: z.string(),
  domain,
});
/** Queues text for the emulator's screen. @since 1 */
export const DisplayMessageRequest = z.object({ type: z.literal('DISPLAY_MESSAGE'), message: z.string() });
/** Least time between two queued messages, in seconds. @since 1 */
export const SetMessageIntervalRequest = z.object({ type: z.literal('SET_MESSAGE_INTERVAL'), value: z.number() });
/** Asks whether the peer is Causeway's connector and what it can do. @since Causeway connector 1.0.0 */
export const CausewayRequest = z.object({ type: z.literal('CAUSEWAY') });
/** The emulator's frame counter. @since Causeway connector 1.0.0 */
export const FrameRequest = z.object({ type: z.literal('FRAME') });
/**
 * For this connection: unknown domains, ranges outside a domain and writes to read-only memory become `ERROR`, and a
 * guard that errs stops the rest of its line. @since Causeway connector 1.0.0
 */
export const StrictRequest = z.object({ type: z.literal('STRICT'), value: z.boolean() });

export const ConnectorRequest = z.discriminatedUnion('type', [
  PingRequest,
  SystemRequest,
  PreferredCoresRequest,
  HashRequest,
  MemorySizeRequest,
  GuardRequest,
  LockRequest,
  UnlockRequest,
  ReadRequest,
  WriteRequest,
  DisplayMessageRequest,
  SetMessageIntervalRequest,
  CausewayRequest,
  FrameRequest,
  StrictRequest,
]);
export type ConnectorRequest = z.infer<typeof ConnectorRequest>;

/** @since 1 */
export const PongResponse = z.object({ type: z.literal('PONG') });
/** @since 1 */
export const SystemResponse = z.object({ type: z.literal('SYSTEM_RESPONSE'), value: z.string() });
/** Lua cannot tell an empty table from an empty list, so "nothing configured" arrives as `[]`. @since 1 */
export const PreferredCoresResponse = z.object({
  type: z.literal('PREFERRED_CORES_RESPONSE'),
  value: z.union([z.record(z.string(), z.string()), z.tuple([]).transform((): Record<string, string> => ({}))]),
});
/** @since 1 */
export const HashResponse = z.object({ type: z.literal('HASH_RESPONSE'), value: z.string() });
/** @since 1 */
export const MemorySizeResponse = z.object({ type: z.literal('MEMORY_SIZE_RESPONSE'), value: z.number() });
/** `value` false, in this or any later place of the line: this and what follows did not happen. @since 1 */
export const GuardResponse = z.object({
  type: z.literal('GUARD_RESPONSE'),
  value: z.boolean(),
  address: z.number(),
});
/** @since 1 */
export const LockedResponse = z.object({ type: z.literal('LOCKED') });
/** @since 1 */
export const UnlockedResponse = z.object({ type: z.literal('UNLOCKED') });
/** `value` is base64. @since 1 */
export const ReadResponse = z.object({ type: z.literal('READ_RESPONSE'), value: z.string() });
/** @since 1 */
export const WriteResponse = z.object({ type: z.literal('WRITE_RESPONSE') });
/** @since 1 */
export const DisplayMessageResponse = z.object({ type: z.literal('DISPLAY_MESSAGE_RESPONSE') });
/** @since 1 */
export const SetMessageIntervalResponse = z.object({ type: z.literal('SET_MESSAGE_INTERVAL_RESPONSE') });
/** Takes the place of one answer; the others of the line stand. The text is opaque. @since 1 */
export const ErrorResponse = z.object({ type: z.literal('ERROR'), err: z.string().default('') });
/** @since Causeway connector 1.0.0 */
export const CausewayResponse = z.object({
  type: z.literal('CAUSEWAY_RESPONSE'),
  value: z.object({
    /** Version of the connector script. */
    connector: z.string(),
    /** Emulator and version, for people. */
    host: z.string(),
    frame: z.number(),
    domains: z.array(z.object({ name: z.string(), size: z.number(), writable: z.boolean().optional() })),
    /** Names of further request types it knows: `FRAME`, `STRICT`, … */
    features: z.array(z.string()),
  }),
});
/** @since Causeway connector 1.0.0 */
export const FrameResponse = z.object({ type: z.literal('FRAME_RESPONSE'), value: z.number() });
/** @since Causeway connector 1.0.0 */
export const StrictResponse = z.object({ type: z.literal('STRICT_RESPONSE') });

export const ConnectorResponse = z.discriminatedUnion('type', [
  PongResponse,
  SystemResponse,
  PreferredCoresResponse,
  HashResponse,
  MemorySizeResponse,
  GuardResponse,
  LockedResponse,
  UnlockedResponse,
  ReadResponse,
  WriteResponse,
  DisplayMessageResponse,
  SetMessageIntervalResponse,
  ErrorResponse,
  CausewayResponse,
  FrameResponse,
  StrictResponse,
]);
export type ConnectorResponse = z.infer<typeof ConnectorResponse>;
/** Type tag of a response. */
export type ResponseType = ConnectorResponse['type'];
/** The response with a given tag. */
export type ResponseOf<T extends ResponseType> = Extract<ConnectorResponse, { type: T }>;
/** What a Causeway connector says of itself and its host. */
export type CausewayFacts = z.infer<typeof CausewayResponse>['value'];
