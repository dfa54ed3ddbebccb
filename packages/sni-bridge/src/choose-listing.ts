import type { DeviceListing } from '@causeway/bridge/device';
import { CausewayError, type ErrorCode } from '@causeway/protocol/errors';

interface Reason {
  readonly state: DeviceListing['state'];
  readonly code: ErrorCode;
  /** Whether loading the game, or starting what serves it, helps; else the code's own advice is better. */
  readonly helped: boolean;
}

/** What to say of the most telling one that cannot be used, in order. */
const REASONS: readonly Reason[] = [
  { state: 'busy', code: 'device_busy', helped: false },
  { state: 'incompatible', code: 'device_incompatible', helped: true },
  { state: 'silent', code: 'device_timeout', helped: true },
  { state: 'foreign', code: 'device_foreign', helped: false },
];

/** What a player can do so that something is found. */
export interface ChoiceWords {
  /** What was looked for: `No SNES game was found …`. */
  readonly nothing: string;
  readonly fix: string;
}

/**
 * The only device that can be used.
 *
 * @throws `device_ambiguous` with the choices, or the reason why none can be used
 */
export const chooseListing = (listings: readonly DeviceListing[], { nothing, fix }: ChoiceWords): DeviceListing => {
  const ready = listings.filter(({ state }) => state === 'ready');
  const [only, ...others] = ready;
  if (only && others.length === 0) return only;
  if (only) {
    const names = ready.map(({ uri, rom, peer }) => `${uri} (${rom?.title ?? peer ?? 'SNES'})`).join(', ');
    throw new CausewayError('device_ambiguous', `${ready.length} consoles can be reached: ${names}.`, {
      context: { choices: ready, why: 'Each of them has a game that could be the one.' },
      fix: `Choose one: --device '${only.uri}'. \`causeway-sni devices\` lists them.`,
    });
  }
  const findings = listings.map(({ uri, state, detail }) => ({ uri, state, detail }));
  for (const { state, code, helped } of REASONS) {
    const found = listings.find((listing) => listing.state === state);
    if (!found) continue;
    const context = { findings, why: besides(listings.filter((listing) => listing !== found)) };
    throw new CausewayError(code, describe(found), { context, ...(helped ? { fix } : {}) });
  }
  throw new CausewayError('device_not_found', nothing, { context: { findings }, fix });
};

const describe = ({ uri, state, detail = state }: DeviceListing): string =>
  detail.includes(uri) ? detail : `${uri}: ${detail}`;

/** For whoever wonders why it had to be that one. */
const besides = (others: readonly DeviceListing[]): string =>
  others.length === 0
    ? 'Nothing else was found.'
    : `Nor can be used: ${others.map(({ uri, state }) => `${uri} (${state})`).join(', ')}.`;
