/**
 * Text as the server accepts it in a Say: one unprintable character (Python's `isprintable`) and all of it is refused.
 * White space becomes a space, everything else that cannot be seen goes.
 */
export const sayable = (text: string): string =>
  text
    .replace(/[\p{Z}\t\r\n]/gu, ' ')
    .replace(/\p{C}/gu, '')
    .trim();
