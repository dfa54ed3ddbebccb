const MASK = '***';

/** Text shorter than this stands in too many innocent places to be cut out of them; it is hidden where it stands alone. */
const LEAST_LENGTH = 4;

/** `name:password@` in front of a host, with or without a scheme before it. */
const USER_INFO = /([^\s/:@"'<>]+):(?!\/\/)[^\s@"'<>]*@/g;

/** Hides the password part of every address in `text`, known or not. */
export const hideUserInfo = (text: string): string => text.replace(USER_INFO, (_, name: string) => `${name}:${MASK}@`);

/**
 * The passwords of this run, and the one place that knows how to leave them out.
 *
 * Nothing of ours puts a password into a message; this is the second lock on the door, for texts of peers and modules.
 */
export class Secrets {
  readonly #values = new Set<string>();

  add(value: string): void {
    if (value === '') return;
    this.#values.add(value);
    this.#values.add(encodeURIComponent(value));
    this.#values.add(JSON.stringify(value).slice(1, -1));
  }

  hide(text: string): string {
    let hidden = hideUserInfo(text);
    for (const value of this.#longestFirst()) {
      if (hidden === value) return MASK;
      if (value.length >= LEAST_LENGTH) hidden = hidden.replaceAll(value, MASK);
    }
    return hidden;
  }

  #longestFirst(): string[] {
    return [...this.#values].sort((a, b) => b.length - a.length);
  }
}
