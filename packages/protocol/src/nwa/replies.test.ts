import { describe, expect, it } from 'vitest';
import { nwaError, nwaText } from './encode-reply.js';
import { readCoreInfo, readCoreMemories, readEmulationStatus, readEmulatorInfo, readGameInfo } from './replies.js';

const unexpected = expect.objectContaining({ code: 'protocol_unexpected' });

describe('what an NWA emulator says of itself', () => {
  it('names itself and what it can do', () => {
    const reply = nwaText({
      name: 'Emu',
      version: '1',
      nwa_version: '1.0',
      id: 'x',
      commands: 'CORE_READ, bCORE_WRITE,',
    });
    expect(readEmulatorInfo(reply)).toEqual({
      name: 'Emu',
      version: '1',
      nwaVersion: '1.0',
      commands: new Set(['CORE_READ', 'bCORE_WRITE']),
    });
  });

  it('says whether a game runs', () => {
    expect(readEmulationStatus(nwaText({ state: 'running', game: 'A' }))).toEqual({ state: 'running', game: 'A' });
    expect(readEmulationStatus(nwaText({ state: 'no_game' }))).toEqual({ state: 'no_game', game: '' });
    expect(() => readEmulationStatus(nwaText({ state: 'dancing' }))).toThrowError(unexpected);
  });

  it('describes core and game', () => {
    expect(readCoreInfo(nwaText({ platform: 'snes', name: 'c', version: '2' }))).toEqual({
      platform: 'snes',
      name: 'c',
      version: '2',
    });
    expect(readGameInfo(nwaText({ name: 'G', file: '/g.sfc', region: 'x' }))).toEqual({ name: 'G', file: '/g.sfc' });
  });

  it('lists memories with their access', () => {
    const reply = nwaText({ name: 'CARTROM', access: 'r', size: 4 }, { name: 'WRAM', access: 'rw', size: '$20000' });
    expect(readCoreMemories(reply)).toEqual([
      { name: 'CARTROM', readable: true, writable: false, size: 4 },
      { name: 'WRAM', readable: true, writable: true, size: 0x20000 },
    ]);
    expect(readCoreMemories(nwaText())).toEqual([]);
    for (const wrong of [
      nwaText({ name: 'WRAM', access: 'rw' }),
      nwaText({ size: 1 }),
      nwaError('command_error', 'no'),
    ])
      expect(() => readCoreMemories(wrong)).toThrowError(unexpected);
  });

  it('is refused where it is something else', () => {
    const wrong = [nwaText(), nwaError('not_allowed', 'no'), { kind: 'binary', data: new Uint8Array(1) } as const];
    for (const read of [readCoreInfo, readEmulatorInfo, readEmulationStatus, readGameInfo])
      for (const reply of wrong) expect(() => read(reply)).toThrowError(unexpected);
  });
});
