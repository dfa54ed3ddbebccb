import { CausewayError } from '@causeway/protocol/errors';
import type { DomainInfo, Step } from './contract.js';

const sizeOf = (step: Step): number => {
  if (step.kind === 'read') return step.size;
  return step.kind === 'write' ? step.data.length : step.expect.length;
};

/** Throws unless every step lies inside a domain that allows it; nothing has been sent then. */
export const checkSteps = (batch: readonly Step[], domains: ReadonlyMap<string, DomainInfo>): void => {
  for (const [step, each] of batch.entries()) {
    const { domain: name, offset } = each.at;
    const size = sizeOf(each);
    const domain = domains.get(name);
    if (!domain) {
      const context = { step, domain: name, offset, size };
      throw new CausewayError('domain_unknown', `There is no memory domain ${name} here.`, { context });
    }
    const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(size) && offset >= 0 && size >= 1;
    if (!whole || offset + size > domain.size) {
      const place = `${name} 0x${offset.toString(16)}, ${size} bytes`;
      const message = `${place}: outside of the domain, which has ${domain.size} bytes.`;
      throw new CausewayError('address_out_of_range', message, {
        context: { step, domain: name, offset, size, domainSize: domain.size },
      });
    }
    if (each.kind === 'write' && domain.writable === false) {
      throw new CausewayError('domain_read_only', `${name} cannot be written here.`, {
        context: { step, domain: name },
      });
    }
  }
};
