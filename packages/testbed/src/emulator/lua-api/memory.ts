import { createHash } from 'node:crypto';
import type { LuaValue } from '../lua-types.js';
import type { MemoryDomain } from '../machine.js';
import type { LuaApiHost, NativeTable } from './host.js';

/** More than any domain that can be read as a whole; keeps a wrong size from eating the machine. */
const MAX_READ_BYTES = 0x2000_0000;

/** Which domain a script means. An unknown name means the current one, as in EmuHawk: a line in the console, no error. */
class DomainChoice {
  readonly #host: LuaApiHost;
  #current: MemoryDomain;

  constructor(host: LuaApiHost) {
    this.#host = host;
    this.#current = this.find(host.machine.currentDomain) ?? this.main;
  }

  get current(): MemoryDomain {
    return this.#current;
  }

  /** The first domain: a system's main memory by convention of the canonical table. */
  get main(): MemoryDomain {
    const [first] = this.#host.machine.domains;
    if (first === undefined) throw new Error('this machine has no memory');
    return first;
  }

  find(name: string): MemoryDomain | undefined {
    return this.#host.machine.domains.find((domain) => domain.name === name);
  }

  resolve(name: string | undefined): MemoryDomain {
    if (name === undefined || name === '') return this.#current;
    const domain = this.find(name);
    if (domain === undefined) this.#host.print(`Unable to find domain: ${name}, falling back to current`);
    return domain ?? this.#current;
  }

  use(name: string): boolean {
    const domain = this.find(name);
    if (domain === undefined) this.#host.print(`Unable to find domain: ${name}`);
    else this.#current = domain;
    return domain !== undefined;
  }
}

const readBytes = (domain: MemoryDomain, at: number, size: number): Uint8Array => {
  const out = new Uint8Array(size);
  const first = Math.max(0, -at);
  const last = Math.min(size, domain.size - at);
  for (let index = first; index < last; index++) out[index] = domain.peek(at + index);
  return out;
};

const writeBytes = (domain: MemoryDomain, at: number, data: Uint8Array): void => {
  const last = Math.min(data.length, domain.size - at);
  for (let index = Math.max(0, -at); index < last; index++) domain.poke(at + index, data[index] ?? 0);
};

/** `memory`: bytes cross as strings; numbers and tables are made of them in Lua. */
export const memoryApi = (host: LuaApiHost): NativeTable => {
  const domains = new DomainChoice(host);
  const warnOutside = (domain: MemoryDomain, at: number, size: number, what: string): void => {
    if (at >= 0 && at + size <= domain.size) return;
    host.print(`Warning: ${what} of ${size} bytes at ${at} reaches outside ${domain.name} (${domain.size} bytes)`);
  };
  return {
    read: (call) => {
      const at = call.integer(1);
      const size = call.integer(2);
      if (size < 0 || size > MAX_READ_BYTES) throw new RangeError(`cannot read ${size} bytes`);
      const domain = domains.resolve(call.textOr(3, undefined));
      warnOutside(domain, at, size, 'read');
      return readBytes(domain, at, size);
    },
    write: (call) => {
      const at = call.integer(1);
      const data = call.bytes(2);
      const domain = domains.resolve(call.textOr(3, undefined));
      if (!domain.writable) {
        host.print(`Error: ${domain.name} cannot be written`);
        return [];
      }
      warnOutside(domain, at, data.length, 'write');
      writeBytes(domain, at, data);
      return [];
    },
    main_domain: () => domains.main.name,
    getmemorydomainlist: () => new Map<number, LuaValue>(host.machine.domains.map(({ name }, index) => [index, name])),
    getmemorydomainsize: (call) => domains.resolve(call.textOr(1, undefined)).size,
    getcurrentmemorydomain: () => domains.current.name,
    getcurrentmemorydomainsize: () => domains.current.size,
    usememorydomain: (call) => domains.use(call.text(1)),
    hash_region: (call) => {
      const at = call.integer(1);
      const size = call.integer(2);
      const domain = domains.resolve(call.textOr(3, undefined));
      if (at < 0 || size < 0 || at + size > domain.size) throw new RangeError(`outside the bounds of ${domain.name}`);
      return createHash('sha256')
        .update(readBytes(domain, at, size))
        .digest('hex')
        .toUpperCase();
    },
  };
};
