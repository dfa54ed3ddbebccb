import type { DeviceListing } from '@causeway/bridge/device';
import { CausewayError, type ErrorCode } from '@causeway/protocol/errors';

/** What to say of the most telling one that cannot be used, in order. */
const REASONS: readonly (readonly [DeviceListing['state'], ErrorCode])[] = [
  ['busy', 'device_busy'],
  ['incompatible', 'device_incompatible'],
  ['silent', 'device_timeout'],
  ['foreign', 'device_foreign'],
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
      context: { choices: ready },
      fix: `Choose one: --device '${only.uri}'. \`causeway-sni devices\` lists them.`,
    });
  }
  const findings = listings.map(({ uri, state, detail }) => ({ uri, state, detail }));
  for (const [state, code] of REASONS) {
    const found = listings.find((listing) => listing.state === state);
    if (found) throw new CausewayError(code, `${found.uri}: ${found.detail ?? state}`, { context: { findings }, fix });
  }
  throw new CausewayError('device_not_found', nothing, { context: { findings }, fix });
};
