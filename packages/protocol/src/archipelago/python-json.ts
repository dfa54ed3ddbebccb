/**
 * JSON as Python writes it: the same, plus the bare tokens `NaN`, `Infinity` and `-Infinity`, and integers of any size.
 * Recorded in `storage-numbers`; `JSON.parse` throws on the former and silently rounds the latter.
 */
import type { Json } from './json.js';

/** Deeper than Python's own encoder can write; shallow enough never to exhaust our stack. */
const MAX_DEPTH = 1100;
/** A run of digits long enough to lose precision, where a number can start. May also hit inside a text; that only costs time. */
const LONG_INTEGER = /[[,:\s]-?\d{16}/;
const NUMBER = /-?(?:Infinity|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const WHITESPACE = /[ \t\r\n]*/y;

const LITERALS: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
];

/** Reads JSON exactly: throws `SyntaxError` on anything else. */
export const parsePythonJson = (text: string): Json => {
  if (LONG_INTEGER.test(text) || /^-?\d{16}/.test(text)) return new Reader(text).document();
  try {
    return JSON.parse(text) as Json;
  } catch {
    return new Reader(text).document();
  }
};

const toNumber = (token: string): number | bigint => {
  const value = Number(token);
  if (Number.isSafeInteger(value) || !/^-?\d+$/.test(token)) return value;
  return BigInt(token);
};

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value(0);
    this.#skip();
    if (this.#at !== this.#text.length) this.#fail();
    return value;
  }

  #value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new SyntaxError('JSON is nested too deeply');
    this.#skip();
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return this.#string();
    for (const [word, value] of LITERALS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return toNumber(this.#match(NUMBER));
  }

  #object(depth: number): Json {
    const members: Record<string, Json> = {};
    this.#at += 1;
    if (this.#take('}')) return members;
    do {
      this.#skip();
      const key = this.#string();
      if (!this.#take(':')) this.#fail();
      const value = this.#value(depth + 1);
      // Plain assignment to this one name would change the prototype instead of adding a member.
      if (key === '__proto__') Object.defineProperty(members, key, { value, enumerable: true, configurable: true });
      else members[key] = value;
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail();
    return members;
  }

  #array(depth: number): Json {
    const values: Json[] = [];
    this.#at += 1;
    if (this.#take(']')) return values;
    do values.push(this.#value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) this.#fail();
    return values;
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') return this.#fail();
    let end = this.#at + 1;
    while (this.#text[end] !== '"') {
      if (end >= this.#text.length) return this.#fail();
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    const value = JSON.parse(this.#text.slice(this.#at, end + 1)) as string;
    this.#at = end + 1;
    return value;
  }

  #skip(): void {
    WHITESPACE.lastIndex = this.#at;
    this.#at += WHITESPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #take(char: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return this.#fail();
    this.#at += found.length;
    return found;
  }

  #fail(): never {
    throw new SyntaxError(`unexpected token at ${this.#at} of ${this.#text.length}`);
  }
}

/** A whole float too large to be exact stays a float on the wire: as an integer it would claim digits it does not have. */
const writeNumber = (value: number): string => {
  const text = String(value);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && !text.includes('e') ? `${text}.0` : text;
};

export interface WriteOptions {
  /** Members with this name are left out, at any depth. */
  readonly omit?: string;
}

/** Writes what {@link parsePythonJson} reads back unchanged. Members that are `undefined` are left out. */
export const writePythonJson = (value: unknown, options: WriteOptions = {}): string => {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map((entry) => writePythonJson(entry, options)).join(',')}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || key === options.omit) continue;
    members.push(`${JSON.stringify(key)}:${writePythonJson(member, options)}`);
  }
  return `{${members.join(',')}}`;
};
