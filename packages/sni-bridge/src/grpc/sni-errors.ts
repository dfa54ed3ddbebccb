import { CausewayError, type ErrorCode } from '@causeway/protocol/errors';
import { type ServiceError, status } from '@grpc/grpc-js';

/** Where a call went, for what is said of its failure. */
export interface CallPlace {
  readonly uri: string;
  readonly path: string;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly says: string;
  readonly fix?: string;
}

/**
 * What SNI's texts mean. It sends almost everything as "unknown"; only the text tells. Source:
 * `docs/specs/sni.md`, section 5. The first that fits counts.
 */
const TEXTS: readonly (readonly [RegExp, Meaning])[] = [
  [
    /deadline exceeded|time(d)?[ -]?out|i\/o timeout/i,
    { code: 'device_timeout', says: 'The console did not answer SNI in time.' },
  ],
  [
    /mapping|no (memory )?(map|descriptor)|cannot (map|translate)|unmapped|out of range/i,
    { code: 'batch_step_failed', says: 'SNI cannot reach this memory on this console.' },
  ],
  [
    /closed|\beof\b|reset by peer|refused|broken pipe|no such (file|device)|disconnect|not (found|open|connected)/i,
    {
      code: 'device_lost',
      says: 'SNI lost the console.',
      fix: 'Check the console, then use Disconnect in the menu of SNI.',
    },
  ],
  [
    /(unknown|no) driver|unrecognized|unsupported (protocol )?scheme/i,
    { code: 'device_not_found', says: 'SNI has no such console.' },
  ],
];

const OTHERWISE: Meaning = { code: 'batch_step_failed', says: 'SNI refused.' };

const RESTART = 'Check that SNI still runs, and start it again if not.';

const BY_STATUS: Partial<Record<status, Meaning>> = {
  [status.INVALID_ARGUMENT]: { code: 'device_not_found', says: 'SNI does not know this console.' },
  [status.UNIMPLEMENTED]: { code: 'device_unsupported', says: 'SNI cannot do this with this console.' },
  [status.FAILED_PRECONDITION]: { code: 'batch_step_failed', says: 'SNI found no header in the ROM.' },
  [status.INTERNAL]: { code: 'batch_step_failed', says: 'The console gave SNI something else than was asked for.' },
  [status.DEADLINE_EXCEEDED]: { code: 'device_timeout', says: 'SNI did not answer in time.', fix: RESTART },
  [status.RESOURCE_EXHAUSTED]: { code: 'protocol_malformed', says: 'SNI sent more than was asked for.', fix: RESTART },
  [status.UNAVAILABLE]: { code: 'device_lost', says: 'SNI cannot be reached.', fix: RESTART },
  [status.CANCELLED]: { code: 'device_lost', says: 'SNI cancelled the call.', fix: RESTART },
};

/** Whatever does not speak HTTP/2. */
const FOREIGN: Meaning = {
  code: 'device_foreign',
  says: 'What listens there is no SNI.',
  fix: 'Another program holds this port. Close it, or start SNI with another port and name that.',
};

const meaningOf = ({ code, details }: ServiceError): Meaning => {
  if (code === status.UNAVAILABLE && /protocol error/i.test(details)) return FOREIGN;
  return BY_STATUS[code] ?? TEXTS.find(([pattern]) => pattern.test(details))?.[1] ?? OTHERWISE;
};

/** The library's own frame around what the system said. */
const FRAME = /^No connection established\. Last error: (Error: )?|\.? Resolution note: *$/g;

/** What a failed call means to us. The peer's own words stay in the context. */
export const sniError = (error: ServiceError, { uri, path }: CallPlace): CausewayError => {
  const { code, details } = error;
  const meaning = meaningOf(error);
  const words = details.replaceAll(FRAME, '').slice(0, 300);
  return new CausewayError(meaning.code, `${meaning.says} (${words || status[code]})`, {
    cause: error,
    context: { uri, call: path, status: status[code], words },
    ...(meaning.fix ? { fix: meaning.fix } : {}),
  });
};
