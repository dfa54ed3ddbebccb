import { describe, expect, it } from 'vitest';
import { chooseModule } from './choose-module.js';
import type { GameModule, Identification } from './contract.js';

const rom = { system: 'NES', hash: 'h' };

const module = (id: string, identify: () => Identification, systems = ['NES']): GameModule => ({
  id,
  game: id,
  systems,
  probe: {},
  identify,
  start: () => ({}),
  plan: () => ({ regions: {} }),
  step: (_frame, _room, state) => ({ state, effects: [], playing: false }),
});

const yes = (id: string): GameModule => module(id, () => ({ match: 'yes', identity: { title: id, itemsHandling: 7 } }));
const no = module('no', () => ({ match: 'no' }));
const near = module('near', () => ({ match: 'near', reason: 'not patched', fix: 'Patch it.' }));

const choose = (...modules: GameModule[]) => chooseModule(modules, new Map(modules.map((each) => [each, {}])), rom);

describe('choice of a module', () => {
  it('takes the only one that knows the ROM', () => {
    const only = yes('a');
    expect(choose(no, only, near)).toEqual({
      kind: 'chosen',
      module: only,
      identity: { title: 'a', itemsHandling: 7 },
    });
  });

  it('names several instead of taking the first', () => {
    const [a, b] = [yes('a'), yes('b')];
    expect(choose(a, b)).toEqual({ kind: 'ambiguous', modules: [a, b] });
  });

  it('tells near misses, or that there is nothing', () => {
    expect(choose(no, near)).toEqual({
      kind: 'near',
      misses: [{ module: near, reason: 'not patched', fix: 'Patch it.' }],
    });
    expect(choose(no)).toEqual({ kind: 'none' });
  });

  it('asks neither modules of other systems nor those without a probe', () => {
    const other = module('other', yes('other').identify as () => Identification, ['SNES']);
    expect(chooseModule([other, yes('unprobed')], new Map([[other, {}]]), rom)).toEqual({ kind: 'none' });
  });

  it('names a module that throws', () => {
    const broken = module('broken', () => {
      throw new Error('oops');
    });
    expect(() => choose(broken)).toThrow(
      expect.objectContaining({ code: 'game_module_failed', context: { module: 'broken', phase: 'identify' } }),
    );
  });
});
