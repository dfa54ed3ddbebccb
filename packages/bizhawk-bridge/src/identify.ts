import {
  type CausewayFacts,
  CONNECTOR_VERSION,
  type ConnectorRequest,
  type ConnectorResponse,
} from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';
import type { Link } from './link.js';

/** Who is on the other side of a link and which ROM it runs. */
export interface Identity {
  /** `NULL` while no ROM is loaded. */
  readonly system: string;
  readonly hash: string;
  /** Absent for the reference connector and other plain ones. */
  readonly causeway?: CausewayFacts;
}

const QUESTIONS: readonly ConnectorRequest[] = [
  { type: 'PING' },
  { type: 'SYSTEM' },
  { type: 'HASH' },
  // A plain connector answers this with an error item, which is how it is told from ours.
  { type: 'CAUSEWAY' },
];

/** Throws `device_incompatible` unless the connector speaks our version of the protocol. */
export const checkVersion = (version: number, uri: string): void => {
  if (version === CONNECTOR_VERSION) return;
  throw new CausewayError('device_incompatible', `The connector at ${uri} speaks version ${version} of the protocol.`, {
    context: { uri, version, supported: CONNECTOR_VERSION },
  });
};

/** Asks everything there is to know, in one exchange. */
export const identify = async (link: Link): Promise<Identity> => {
  const answers = await link.exchange(QUESTIONS);
  const [pong, system, hash, causeway] = answers;
  if (answers.length !== QUESTIONS.length || pong?.type !== 'PONG') throw unexpected(link, pong);
  if (system?.type !== 'SYSTEM_RESPONSE') throw unexpected(link, system);
  if (hash?.type !== 'HASH_RESPONSE') throw unexpected(link, hash);
  const identity = { system: system.value, hash: hash.value };
  return causeway?.type === 'CAUSEWAY_RESPONSE' ? { ...identity, causeway: causeway.value } : identity;
};

/** The program on the other side, for people. */
export const peerOf = ({ causeway }: Identity): string =>
  causeway ? `Causeway connector ${causeway.connector} in ${causeway.host}` : `BizHawk connector ${CONNECTOR_VERSION}`;

const unexpected = (link: Link, answer: ConnectorResponse | undefined): CausewayError => {
  const what = answer?.type === 'ERROR' ? `the error "${answer.err}"` : (answer?.type ?? 'nothing');
  return new CausewayError(
    'device_incompatible',
    `The connector at ${link.uri} answered a basic question with ${what}.`,
    {
      context: { uri: link.uri },
    },
  );
};
