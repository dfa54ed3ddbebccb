import { CANONICAL_DOMAINS, type DomainInfo, type Step, type System } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import type { PeerStep } from './batch-plan.js';
import { peerNames } from './domain-names.js';

interface PeerDomain extends DomainInfo {
  /** What the emulator calls it. */
  readonly peerName: string;
}

/** The memory domains of one connection under the names game modules use. */
export class DomainMap {
  readonly #domains = new Map<string, PeerDomain>();

  /** @param found domains under the emulator's own names */
  constructor(system: System, found: readonly DomainInfo[]) {
    const byName = new Map(found.map((domain) => [domain.name, domain]));
    for (const name of CANONICAL_DOMAINS[system] ?? []) {
      const peerName = peerNames(system, name).find((candidate) => byName.has(candidate));
      const domain = peerName === undefined ? undefined : byName.get(peerName);
      if (domain) this.#domains.set(name, { ...domain, name, peerName: domain.name });
    }
    const named = new Set([...this.#domains.values()].map(({ peerName }) => peerName));
    for (const domain of found) {
      if (!named.has(domain.name) && !this.#domains.has(domain.name)) this.add(domain);
    }
  }

  /** Domains in canonical order, then the emulator's further ones. */
  list(): DomainInfo[] {
    return [...this.#domains.values()].map(({ peerName: _, ...domain }) => domain);
  }

  has(name: string): boolean {
    return this.#domains.has(name);
  }

  /** Makes a domain known that the emulator turned out to have. */
  add(domain: DomainInfo): void {
    this.#domains.set(domain.name, { ...domain, peerName: domain.name });
  }

  /**
   * The step as the emulator has to be asked.
   * Throws `domain_unknown`, `address_out_of_range` or `domain_read_only`: an emulator would use other memory without a word.
   */
  resolve(step: Step, index: number): PeerStep {
    const { domain: name, offset } = step.at;
    const domain = this.#domains.get(name);
    const context = { step: index, domain: name, offset };
    if (!domain) {
      throw new CausewayError('domain_unknown', `The emulator has no memory domain "${name}".`, { context });
    }
    const size = step.kind === 'read' ? step.size : step.kind === 'write' ? step.data.length : step.expect.length;
    const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(size) && offset >= 0 && size >= 0;
    if (!whole || offset + size > domain.size) {
      throw new CausewayError('address_out_of_range', `${size} bytes at ${offset} are not inside "${name}".`, {
        context: { ...context, size, domainSize: domain.size },
      });
    }
    if (step.kind === 'write' && domain.writable === false) {
      throw new CausewayError('domain_read_only', `"${name}" cannot be written.`, { context });
    }
    const place = { domain: domain.peerName, offset };
    if (step.kind === 'read') return { kind: 'read', ...place, size };
    if (step.kind === 'write') return { kind: 'write', ...place, data: step.data };
    return { kind: 'guard', ...place, expect: step.expect };
  }
}
