import type { CausewayError } from '@causeway/protocol/errors';
import { type StyledText, span } from './styled-text.js';

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));

/** Why we think so: what whoever raised the error says, else the facts it holds, else the fault below it. */
const reasonOf = ({ context, cause }: CausewayError): string | undefined => {
  for (const key of ['why', 'detail', 'reason']) {
    const text = context[key];
    if (typeof text === 'string' && text !== '') return text;
  }
  const facts = Object.entries(context).filter(([, value]) => value !== undefined);
  if (facts.length > 0) return facts.map(([key, value]) => `${key}: ${asText(value)}`).join(', ');
  return cause instanceof Error ? cause.message : undefined;
};

/** Where the failure happened, for the line that would otherwise be empty, and the advice that fits better than the general one. */
export interface FailureSetting {
  /** `causeway-bizhawk read` */
  readonly command: string;
  readonly fix?: string;
}

/** A failure for people: what happened, why we think so, what to do and the code. Three lines, no stack. */
export const failureLines = (error: CausewayError, setting: FailureSetting): [StyledText, StyledText, StyledText] => [
  [span('failure', '! '), span('strong', error.message)],
  ['  ', reasonOf(error) ?? `It happened in \`${setting.command}\`.`],
  ['  ', setting.fix ?? error.fix, '  ', span('faint', `error: ${error.code}`)],
];
