import { hideUserInfo } from '../secrets.js';

const ADMIN_LOGIN = /^\s*!admin\s+login\s+(.*?)\s*$/i;

/** The password of the room's host in `!admin login PASSWORD`, which goes to the server as chat does. */
export const adminPassword = (line: string): string | undefined => ADMIN_LOGIN.exec(line)?.[1] || undefined;

/** Whether a line holds a password and must not come back with the arrow keys. */
export const holdsSecret = (line: string): boolean =>
  adminPassword(line) !== undefined || (line.trimStart().startsWith('/') && hideUserInfo(line) !== line);
