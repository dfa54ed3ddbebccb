import { COMMON_FLAGS, defineVerb, option, parseChoice, parseText } from '@causeway/bridge/cli';
import { CONNECTOR_EMULATORS } from './connector-script.js';

export const CONNECTOR_FLAGS = {
  ...COMMON_FLAGS,
  copy: option('DIR', 'copy the script into this folder instead of printing it', parseText),
  emulator: option(
    'NAME',
    `which emulator it is for: ${CONNECTOR_EMULATORS.join(' or ')} (default bizhawk)`,
    (text, flag) => parseChoice(text, flag, CONNECTOR_EMULATORS),
  ),
};

/** The verb that hands out the connector script. */
export const connectorVerb = defineVerb({
  name: 'connector',
  summary: 'prints or copies the connector script, with the steps to load it',
  details: ['The script goes to stdout, the steps to stderr. It is one file that needs nothing else of ours.'],
  operands: [],
  flags: CONNECTOR_FLAGS,
  examples: ['--copy .', '--emulator fceux > causeway-fceux.lua'],
  load: async () => (await import('./print-connector.js')).printConnector,
});
