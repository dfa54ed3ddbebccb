import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../python/read-json.js';
import { PyComplex, PythonError } from '../python/values.js';
import { writeJson } from '../python/write-json.js';
import { PYTHON_RESULTS } from '../test-support/python-results.js';
import { applyOperation } from './storage-operations.js';

const run = (operation: string, current: string, operand: string): string | null => {
  try {
    return writeJson(applyOperation(operation, readJson(current), () => readJson(operand)));
  } catch (error) {
    if (error instanceof PythonError) return null;
    throw error;
  }
};

describe('storage operations', () => {
  it.each(PYTHON_RESULTS)('%s: %s with %s gives what Python gives: %s', (operation, current, operand, result) => {
    expect(run(operation, current, operand)).toBe(result);
  });

  it('raises for operations nobody knows, inherited names included', () => {
    for (const name of ['no_such_op', 'constructor', '__proto__', 'toString', '']) {
      expect(run(name, '1', '1')).toBeNull();
    }
  });

  it('keeps a root of a negative number, which no client can be sent', () => {
    const value = applyOperation('pow', -8, () => readJson('0.5'));
    expect(value).toBeInstanceOf(PyComplex);
    expect(() => writeJson(value)).toThrow(PythonError);
  });

  it('bounds what a client could use up', () => {
    expect(run('left_shift', '1', '100000000000')).toBeNull();
    expect(run('pow', '2', '100000000000')).toBeNull();
    expect(run('mul', '"abc"', '100000000000')).toBeNull();
    expect(run('pow', '-1', '100000000001')).toBe('-1');
    expect(run('left_shift', '0', '100000000000')).toBe('0');
    expect(run('right_shift', '-5', '100000000000')).toBe('-1');
  });

  it('never fails otherwise than Python would, whatever it is given', () => {
    const names = [
      'add',
      'mul',
      'pow',
      'mod',
      'floor',
      'ceil',
      'max',
      'min',
      'and',
      'or',
      'xor',
      'left_shift',
      'right_shift',
    ];
    const containers = ['remove', 'pop', 'update', 'replace', 'default'];
    const json = fc.json({ maxDepth: 2 });
    fc.assert(
      fc.property(fc.constantFrom(...names, ...containers), json, json, (name, current, operand) => {
        run(name, current, operand);
      }),
      { numRuns: 2000 },
    );
  });
});
