// For programs: a bridge's command in a few lines.
export type { BridgeCommand, DriverOptions } from './bridge-command.js';
// For tests of commands.
export type { CommandHost, InputStream, OutputStream } from './command-host.js';
// For verbs only one bridge has.
export { COMMON_FLAGS, DEVICE_FLAGS } from './common-flags.js';
export type { Engine } from './engine.js';
export { onOff, option, optionList } from './flag.js';
export { parseChoice, parseHexBytes, parseNumber, parseText } from './parse-value.js';
export { processHost } from './process-host.js';
export { referencePage } from './reference-page.js';
export { runBridgeCommand } from './run-bridge-command.js';
export { usageError } from './usage-error.js';
export { defineVerb, type Verb, type VerbCall, type VerbProgram } from './verb.js';
