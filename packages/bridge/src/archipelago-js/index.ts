export { type FromArchipelagoJsOptions, fromArchipelagoJs } from './from-archipelago-js.js';
export type { LibraryClient } from './library-client.js';
