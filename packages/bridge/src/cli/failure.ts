import type { CausewayError } from '@causeway/protocol/errors';
import { type StyledText, span } from './styled-text.js';

/** One of several devices that were looked at: `{ uri, detail?, state? }`. */
const isFinding = (
  value: unknown,
): value is { readonly uri: string; readonly detail?: unknown; readonly state?: unknown } =>
  typeof value === 'object' && value !== null && 'uri' in value && typeof value.uri === 'string';

const isFacts = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const asText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(asText).join('; ');
  if (isFinding(value)) return `${value.uri} ${value.detail ?? value.state ?? ''}`.trimEnd();
  if (isFacts(value))
    return Object.entries(value)
      .map(([key, fact]) => `${key} ${asText(fact)}`)
      .join(', ');
  return String(value);
};

/** Of what was looked at, only what is there says anything. */
const findingsText = (findings: readonly { readonly uri: string; readonly state?: unknown }[]): string =>
  asText(findings.filter(({ state }) => state !== 'absent')) || 'Nothing listens there.';

const factText = ([key, value]: readonly [string, unknown]): string =>
  Array.isArray(value) && value.every(isFinding) ? findingsText(value) : `${key}: ${asText(value)}`;

/** Why we think so: what whoever raised the error says, else the facts it holds, else the fault below it. */
const reasonOf = ({ context, cause }: CausewayError): string | undefined => {
  for (const key of ['why', 'detail', 'reason']) {
    const text = context[key];
    if (typeof text === 'string' && text !== '') return text;
  }
  const facts = Object.entries(context).filter(([, value]) => value !== undefined && asText(value) !== '');
  if (facts.length > 0) return facts.map(factText).join(', ');
  return cause instanceof Error ? cause.message : undefined;
};

/** Advice of the game module that nearly recognised the ROM, which knows better than the catalogue. */
const adviceOf = ({ context, fix }: CausewayError): string => {
  const misses: unknown = context['misses'];
  const first: unknown = Array.isArray(misses) ? misses[0] : undefined;
  return isFacts(first) && typeof first['fix'] === 'string' ? first['fix'] : fix;
};

/** Where the failure happened, for the line that would otherwise be empty, and the advice that fits better than the general one. */
export interface FailurePlace {
  /** `causeway-bizhawk read` */
  readonly command: string;
  readonly fix?: string;
}

/** A failure for people: what happened, why we think so, what to do and the code. Three lines, no stack. */
export const failureLines = (error: CausewayError, place: FailurePlace): [StyledText, StyledText, StyledText] => [
  [span('failure', '! '), span('strong', error.message)],
  ['  ', reasonOf(error) ?? `It happened in \`${place.command}\`.`],
  ['  ', place.fix ?? adviceOf(error), '  ', span('faint', `error: ${error.code}`)],
];
