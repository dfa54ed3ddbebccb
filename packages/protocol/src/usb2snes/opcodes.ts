/**
 * What can be asked of a usb2snes server. `Stream`, `Fence` and `Binary` were once planned and never made; real servers
 * ignore them like any word they do not know.
 */
export const OPCODES = [
  'DeviceList',
  'Attach',
  'AppVersion',
  'Name',
  'Close',
  'Info',
  'Reset',
  'Menu',
  'Boot',
  'GetAddress',
  'PutAddress',
  'PutIPS',
  'List',
  'MakeDir',
  'Remove',
  'Rename',
  'GetFile',
  'PutFile',
] as const;
export type Opcode = (typeof OPCODES)[number];

const KNOWN: ReadonlySet<string> = new Set(OPCODES);
/** Whether a server ought to know it. Opcodes are case-sensitive. */
export const isOpcode = (text: string): text is Opcode => KNOWN.has(text);

const UNATTACHED: ReadonlySet<Opcode> = new Set(['DeviceList', 'Attach', 'AppVersion', 'Name', 'Close']);
/** Whether it may be asked only after `Attach`; servers close the socket otherwise. */
export const needsAttachment = (opcode: Opcode): boolean => !UNATTACHED.has(opcode);

const WITH_RESULTS: ReadonlySet<Opcode> = new Set(['DeviceList', 'AppVersion', 'Info', 'List', 'GetFile']);
/** Whether it is answered with a `Results` message. Everything else is answered with bytes, or not at all. */
export const hasResults = (opcode: Opcode): boolean => WITH_RESULTS.has(opcode);
