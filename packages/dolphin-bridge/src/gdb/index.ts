export { openGdbAccess } from './gdb-access.js';
export { formatGdbUri, type GdbEndpoint, parseGdbUri } from './gdb-endpoint.js';
export type { GdbSessionOptions } from './gdb-session.js';
export { createGdbSource, type GdbSourceOptions } from './gdb-source.js';
