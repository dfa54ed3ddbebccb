import { CANONICAL_DOMAINS, type DomainInfo, type System } from '@causeway/bridge/device';
import type { ConnectorRequest, ConnectorResponse } from '@causeway/protocol/connector';
import { CausewayError } from '@causeway/protocol/errors';
import { isBus, peerNames } from './domain-names.js';
import type { Send } from './request-channel.js';

/**
 * Which memory domains a connector has that cannot list them.
 *
 * An emulator serves a name it does not know from its current domain, without a word. So a name is compared with one
 * that cannot exist: another size means another domain. The same size is conclusive for the bus only; for any other
 * name the contents decide.
 */

/** No core has a domain of this name. */
const IMPOSSIBLE = 'causeway: no such domain';
/** Places and bytes per place in which two domains of one size are compared. */
const SAMPLES = 16;
const SAMPLE_BYTES = 32;

/** Every name worth asking for on `system`. */
export const domainCandidates = (system: System): readonly string[] => [
  ...new Set((CANONICAL_DOMAINS[system] ?? []).flatMap((name) => peerNames(system, name))),
];

/** Those of `names` that the emulator has, with their sizes. */
export const probeDomains = async (system: System, names: readonly string[], send: Send): Promise<DomainInfo[]> => {
  if (names.length === 0) return [];
  const asked = [IMPOSSIBLE, ...names];
  const sizes = (await send(asked.map((domain) => ({ type: 'MEMORY_SIZE', domain })))).map(sizeOf);
  if (sizes.length !== asked.length) throw unexpected();
  const [fallback, ...rest] = sizes;
  const found = names.map((name, index) => ({ name, size: rest[index] }));
  const known: DomainInfo[] = [];
  for (const { name, size } of found) {
    if (size === undefined || size <= 0) continue;
    const same = size === fallback && !isBus(system, name, size);
    if (!same || (await contentsDiffer(name, size, send))) known.push({ name, size });
  }
  return known;
};

const sizeOf = (answer: ConnectorResponse): number | undefined => {
  if (answer.type === 'MEMORY_SIZE_RESPONSE') return answer.value;
  if (answer.type === 'ERROR') return undefined;
  throw unexpected();
};

/** Compares samples spread over a domain with the same places of the fallback, all in one frame. */
const contentsDiffer = async (domain: string, size: number, send: Send): Promise<boolean> => {
  const bytes = Math.min(SAMPLE_BYTES, size);
  const places = Array.from({ length: SAMPLES }, (_, i) => Math.floor((i * (size - bytes)) / (SAMPLES - 1)));
  const reads = (name: string): ConnectorRequest[] =>
    places.map((address) => ({ type: 'READ', address, size: bytes, domain: name }));
  const answers = await send([...reads(domain), ...reads(IMPOSSIBLE)]);
  return places.some((_, i) => readValue(answers[i]) !== readValue(answers[i + SAMPLES]));
};

const readValue = (answer: ConnectorResponse | undefined): string | undefined =>
  answer?.type === 'READ_RESPONSE' ? answer.value : undefined;

const unexpected = (): CausewayError =>
  new CausewayError('protocol_unexpected', 'The connector did not answer with the sizes it was asked for.');
