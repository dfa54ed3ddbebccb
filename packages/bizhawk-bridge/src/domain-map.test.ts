import type { Step } from '@causeway/bridge/device';
import { describe, expect, it } from 'vitest';
import { DomainMap } from './domain-map.js';
import { domainCandidates, probeDomains } from './domain-probe.js';
import { ConnectorModel, mixed } from './testing/connector-model.js';

const nes = new DomainMap('NES', [
  { name: 'System Bus', size: 65_536 },
  { name: 'Battery RAM', size: 8192, writable: true },
  { name: 'RAM', size: 2048 },
  { name: 'PRG ROM', size: 32_768, writable: false },
  { name: 'Peculiar', size: 16 },
]);
const read = (domain: string, offset: number, size: number): Step => ({ kind: 'read', at: { domain, offset }, size });

describe('DomainMap', () => {
  it('lists canonical names first, in canonical order', () => {
    expect(nes.list()).toEqual([
      { name: 'RAM', size: 2048 },
      { name: 'WRAM', size: 8192, writable: true },
      { name: 'PRG ROM', size: 32_768, writable: false },
      { name: 'System Bus', size: 65_536 },
      { name: 'Peculiar', size: 16 },
    ]);
  });

  it("asks under the emulator's own name", () => {
    expect(nes.resolve(read('WRAM', 0, 8192), 0)).toEqual({
      kind: 'read',
      domain: 'Battery RAM',
      offset: 0,
      size: 8192,
    });
  });

  it("means the Game Boy's memory on an SGB, not the Super NES's", () => {
    const sgb = new DomainMap('SGB', [
      { name: 'WRAM', size: 131_072 },
      { name: 'SGB WRAM', size: 8192 },
    ]);
    expect(sgb.resolve(read('WRAM', 0, 1), 0)).toMatchObject({ domain: 'SGB WRAM' });
  });

  it.each([
    ['domain_unknown', read('ram', 0, 1)],
    ['domain_unknown', read('', 0, 1)],
    ['domain_unknown', read('__proto__', 0, 1)],
    ['address_out_of_range', read('RAM', 2047, 2)],
    ['address_out_of_range', read('RAM', -1, 1)],
    ['address_out_of_range', read('RAM', 0.5, 1)],
    ['address_out_of_range', read('RAM', Number.NaN, 1)],
    ['address_out_of_range', read('RAM', 0, -1)],
    ['address_out_of_range', read('RAM', 0, Number.POSITIVE_INFINITY)],
    ['domain_read_only', { kind: 'write', at: { domain: 'PRG ROM', offset: 0 }, data: mixed(1) } as const],
    ['address_out_of_range', { kind: 'guard', at: { domain: 'RAM', offset: 2048 }, expect: mixed(1) } as const],
  ])('says %s instead of touching other memory', (code, step) => {
    expect(() => nes.resolve(step, 3)).toThrowError(
      expect.objectContaining({ code, context: expect.objectContaining({ step: 3 }) }),
    );
  });
});

describe('probeDomains', () => {
  const probe = (system: string, domains: Record<string, Uint8Array>) => {
    const model = new ConnectorModel({
      causeway: false,
      current: 'System Bus',
      domains: Object.entries(domains).map(([name, bytes]) => ({ name, bytes })),
    });
    return probeDomains(system, domainCandidates(system), async (requests) => model.answer(requests));
  };

  it('finds what is there and nothing else', async () => {
    const found = await probe('NES', {
      RAM: mixed(2048, 1),
      'PRG ROM': mixed(32_768, 2),
      OAM: mixed(256),
      'System Bus': mixed(65_536, 3),
    });
    expect(found).toEqual([
      { name: 'RAM', size: 2048 },
      { name: 'PRG ROM', size: 32_768 },
      { name: 'OAM', size: 256 },
      { name: 'System Bus', size: 65_536 },
    ]);
  });

  it('tells a domain as large as the bus by its contents', async () => {
    const bus = mixed(65_536, 3);
    const rom = bus.slice();
    rom.fill(255, 0x8000, 0xa000);
    const found = await probe('GB', { ROM: rom, WRAM: mixed(8192), 'System Bus': bus });
    expect(found.map(({ name }) => name)).toEqual(['WRAM', 'ROM', 'System Bus']);
  });

  it('does not take a fallback that is no bus for the bus', async () => {
    const found = await probe('NES', { RAM: mixed(1024), 'System Bus': mixed(2048, 9) });
    expect(found).toEqual([{ name: 'RAM', size: 1024 }]);
  });

  it('refuses answers that are no sizes', async () => {
    await expect(probeDomains('NES', ['RAM'], async () => [{ type: 'PONG' }, { type: 'PONG' }])).rejects.toMatchObject({
      code: 'protocol_unexpected',
    });
    await expect(
      probeDomains('NES', ['RAM'], async () => [{ type: 'MEMORY_SIZE_RESPONSE', value: 1 }]),
    ).rejects.toMatchObject({ code: 'protocol_unexpected' });
  });
});
