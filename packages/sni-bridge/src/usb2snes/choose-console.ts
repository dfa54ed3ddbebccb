import { CausewayError } from '@causeway/protocol/errors';
import { parseDeviceName } from '@causeway/protocol/usb2snes';
import type { Endpoint } from '../endpoint.js';
import { usb2SnesUri } from './target.js';

/**
 * The console that is meant, by name and never by place: lists have no stable order.
 *
 * @returns `undefined` when it is not in this list; one list proves nothing, servers leave out what is busy
 * @throws `device_ambiguous` when no name was given and there are several
 */
export const chooseConsole = (
  listed: readonly string[],
  wanted: string | undefined,
  endpoint: Endpoint,
): string | undefined => {
  if (wanted === undefined) {
    const [only, ...others] = listed;
    if (only !== undefined && others.length > 0) throw ambiguous(listed, endpoint);
    return only;
  }
  if (listed.includes(wanted)) return wanted;
  const sameLetters = listed.filter((name) => name.toLowerCase() === wanted.toLowerCase());
  if (sameLetters.length === 1) return sameLetters[0];
  // A script gets another port, and so another name, each time it connects.
  if (parseDeviceName(wanted).kind !== 'luabridge') return undefined;
  const scripts = listed.filter((name) => parseDeviceName(name).kind === 'luabridge');
  return scripts.length === 1 ? scripts[0] : undefined;
};

const ambiguous = (listed: readonly string[], endpoint: Endpoint): CausewayError => {
  const choices = listed.map((device) => usb2SnesUri({ ...endpoint, device }));
  return new CausewayError(
    'device_ambiguous',
    `The usb2snes server has ${listed.length} consoles: ${choices.join(', ')}.`,
    {
      context: { choices },
    },
  );
};
