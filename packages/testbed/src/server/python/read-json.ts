import { typedObject } from './typed-object.js';
import { integer, type PyDict, PyFloat, type PyValue, raise } from './values.js';

/** Python gives up near its recursion limit of 1000. */
const MAX_DEPTH = 950;
/** Python refuses longer texts of integers. */
const MAX_DIGITS = 4300;
const NUMBER = /-?(?:Infinity|(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const SPACE = /[ \t\r\n]*/y;

/**
 * Reads JSON as Python does: order of keys kept, integers unbounded and apart from floats, `NaN` and the infinities
 * accepted. Raises on anything else.
 */
export const readJson = (text: string): PyValue => new Reader(text, false).document();

/** Reads a client's message as the reference server does: as {@link readJson}, with objects of a known `class` rebuilt. */
export const readMessage = (text: string): PyValue => new Reader(text, true).document();

class Reader {
  readonly #text: string;
  readonly #rebuilds: boolean;
  #at = 0;

  constructor(text: string, rebuilds: boolean) {
    this.#text = text;
    this.#rebuilds = rebuilds;
  }

  document(): PyValue {
    const value = this.#value(0);
    this.#skip();
    return this.#at === this.#text.length ? value : this.#fail();
  }

  #value(depth: number): PyValue {
    if (depth > MAX_DEPTH) return raise('nested too deeply');
    this.#skip();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      case 'N':
        return this.#word('NaN', new PyFloat(Number.NaN));
      default:
        return this.#number();
    }
  }

  #object(depth: number): PyDict {
    const dict: PyDict = new Map();
    this.#at += 1;
    if (this.#take('}')) return dict;
    do {
      this.#skip();
      const key = this.#string();
      if (!this.#take(':')) this.#fail();
      dict.set(key, this.#value(depth + 1));
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail();
    return this.#rebuilds && dict.has('class') ? typedObject(dict) : dict;
  }

  #array(depth: number): PyValue[] {
    const list: PyValue[] = [];
    this.#at += 1;
    if (this.#take(']')) return list;
    do list.push(this.#value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) this.#fail();
    return list;
  }

  #string(): string {
    STRING.lastIndex = this.#at;
    const token = STRING.exec(this.#text)?.[0];
    if (token === undefined) return this.#fail();
    this.#at += token.length;
    try {
      return JSON.parse(token) as string;
    } catch {
      return this.#fail();
    }
  }

  #number(): PyValue {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text);
    if (!found) return this.#fail();
    const token = found[0];
    this.#at += token.length;
    const isFloat = found[1] !== undefined || found[2] !== undefined || token.endsWith('y');
    if (isFloat) return new PyFloat(Number(token));
    if (token.length > MAX_DIGITS) return raise('integer too long');
    return token.length < 16 ? Number(token) + 0 : integer(BigInt(token));
  }

  #word(word: string, value: PyValue): PyValue {
    if (!this.#text.startsWith(word, this.#at)) return this.#fail();
    this.#at += word.length;
    return value;
  }

  #skip(): void {
    if (this.#text.charCodeAt(this.#at) > 32) return;
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #take(char: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #fail(): never {
    return raise(`not JSON at ${this.#at} of ${this.#text.length}`);
  }
}
