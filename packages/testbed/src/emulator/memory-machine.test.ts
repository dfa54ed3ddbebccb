import { CausewayError } from '@causeway/protocol/errors';
import { describe, expect, it } from 'vitest';
import { MemoryMachine, type MemoryMachineOptions } from './memory-machine.js';

const options: MemoryMachineOptions = {
  system: 'GBA',
  rom: { name: 'rig', hash: '00' },
  domains: [
    { name: 'IWRAM', size: 0x8000, fill: { kind: 'mix', seed: 17 } },
    { name: 'BIOS', size: 0x4000, writable: false, fill: { kind: 'ramp' } },
    { name: 'Combined', size: 0x8000 },
    { name: 'System Bus', size: 0x1000_0000 },
  ],
  windows: [
    { domain: 'System Bus', start: 0, length: 0x4000, target: 'BIOS', offset: 0 },
    { domain: 'System Bus', start: 0x0300_0000, length: 0x8000, target: 'Combined', offset: 0 },
    { domain: 'Combined', start: 0, length: 0x8000, target: 'IWRAM', offset: 0 },
  ],
  pokes: [
    { domain: 'IWRAM', offset: 32, data: Uint8Array.of(0xde, 0xad) },
    { domain: 'BIOS', offset: 1, data: Uint8Array.of(0xff) },
  ],
  currentDomain: 'System Bus',
};

const open = () => {
  const machine = new MemoryMachine(options);
  const domain = (name: string) => machine.domains.find((candidate) => candidate.name === name);
  return { machine, peek: (name: string, at: number) => domain(name)?.peek(at), domain };
};

describe('MemoryMachine', () => {
  it('shows fills, pokes and windows through windows', () => {
    const { peek } = open();
    expect(peek('IWRAM', 0x1234)).toBe((73 * 0x1234 + 151 * 0x12 + 17) % 256);
    expect([peek('BIOS', 0x102), peek('BIOS', 1), peek('Combined', 33)]).toEqual([2, 0xff, 0xad]);
    expect([peek('System Bus', 0x0300_0020), peek('System Bus', 0x102), peek('System Bus', 0x0800_0000)]).toEqual([
      0xde, 2, 0,
    ]);
  });

  it('writes through windows, and drops what is meant for read-only memory', () => {
    const { domain, peek } = open();
    domain('System Bus')?.poke(0x0300_7fff, 0x1ff);
    domain('System Bus')?.poke(2, 0x55);
    domain('System Bus')?.poke(0x0800_0000, 3);
    expect([peek('IWRAM', 0x7fff), peek('BIOS', 2), peek('System Bus', 0x0800_0000)]).toEqual([0xff, 2, 3]);
  });

  it('comes back to a saved state and to its start', () => {
    const { machine, domain, peek } = open();
    domain('IWRAM')?.poke(32, 1);
    const state = machine.saveState();
    domain('IWRAM')?.poke(32, 2);
    domain('IWRAM')?.poke(40, 2);
    machine.loadState(state);
    expect([peek('IWRAM', 32), peek('IWRAM', 40)]).toEqual([1, (73 * 40 + 17) % 256]);
    machine.powerCycle();
    expect(peek('IWRAM', 32)).toBe(0xde);
  });

  it('refuses states that are none and windows on nothing', () => {
    const { machine } = open();
    expect(() => machine.loadState(Uint8Array.of(7))).toThrow(CausewayError);
    const nowhere = { domain: 'IWRAM', start: 0, length: 1, target: 'NOWHERE', offset: 0 };
    expect(() => new MemoryMachine({ ...options, windows: [nowhere] })).toThrow('NOWHERE');
  });
});
