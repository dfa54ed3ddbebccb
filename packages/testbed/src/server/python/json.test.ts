import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, readMessage } from './read-json.js';
import { PyComplex, PyFloat, PythonError } from './values.js';
import { writeJson } from './write-json.js';

/** Like the JSON of any client, numbers as they were written included. */
const anyJson = fc.json({ noUnicodeString: false });

describe('readJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(anyJson, (text) => {
        expect(JSON.parse(writeJson(readJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    '',
    ' ',
    'not json',
    '[1,]',
    '[1 2]',
    '{"a":1,}',
    '{a:1}',
    '"open',
    '"\n"',
    '01',
    '+1',
    '1.',
    '.5',
    '1e',
    '--1',
    '-',
    'tru',
    'Nan',
    '[1]x',
    '\ufeff[]',
    '{"a"}',
    "['a']",
    '\u00a0[]',
  ])('raises on %j', (text) => {
    expect(() => readJson(text)).toThrow(PythonError);
  });

  it('keeps the order of keys that look like numbers, and the last of equal ones', () => {
    expect(writeJson(readJson('{"3":1,"1":2,"__proto__":3,"3":4}'))).toBe('{"3":4,"1":2,"__proto__":3}');
  });

  it('keeps integers of any size and tells them from floats', () => {
    const text = '[7,7.0,9007199254740993,-123456789012345678901234567890,1e+16,-0.0,0]';
    expect(writeJson(readJson(text))).toBe(text);
    expect(writeJson(readJson('[-0,1E2,NaN,-Infinity]'))).toBe('[0,100.0,NaN,-Infinity]');
  });

  it('gives up on depth, as Python does, and never on our stack', () => {
    expect(() => readJson('['.repeat(100_000))).toThrow(PythonError);
    expect(writeJson(readJson(`${'['.repeat(900)}${']'.repeat(900)}`))).toHaveLength(1800);
  });

  it('refuses integers that Python does not read or write', () => {
    expect(() => readJson('1'.repeat(4301))).toThrow(PythonError);
    expect(writeJson(readJson('1'.repeat(4300)))).toHaveLength(4300);
    expect(() => writeJson(10n ** 4300n)).toThrow(PythonError);
  });
});

describe('writeJson', () => {
  it('leaves non-ASCII as it is and writes without spaces', () => {
    expect(writeJson({ name: 'Zoë ☂', gone: undefined, list: [1, new PyFloat(2)] })).toBe(
      '{"name":"Zoë ☂","list":[1,2.0]}',
    );
  });

  it.each([
    ['a half character', '\ud800'],
    ['a half character as key', new Map([['\udc00', 1]])],
    ['a complex number', new PyComplex(0, 1)],
  ])('raises on %s', (_, value) => {
    expect(() => writeJson([value])).toThrow(PythonError);
  });
});

describe('readMessage', () => {
  const again = (text: string) => writeJson(readMessage(text));

  it('rebuilds versions, capitalised ones too, and drops what they do not have', () => {
    expect(again('{"Major":0,"class":"Version","Minor":"5","Build":7.9,"x":1}')).toBe(
      '{"major":0,"minor":5,"build":7,"class":"Version"}',
    );
  });

  it('drops the unknown fields of items, players and slots and fills in what may be missing', () => {
    expect(again('{"item":1,"location":2,"player":3,"x":4,"class":"NetworkItem"}')).toBe(
      '{"item":1,"location":2,"player":3,"flags":0,"class":"NetworkItem"}',
    );
  });

  it.each([
    '{"class":"Version","major":0}',
    '{"class":"NetworkItem","item":1}',
    '{"class":[]}',
    '{"class":{}}',
    '{"class":"Version","major":null,"minor":0,"build":0}',
  ])('raises on %s', (text) => {
    expect(() => readMessage(text)).toThrow(PythonError);
  });

  it('leaves other classes alone', () => {
    expect(again('{"class":"constructor","a":1}')).toBe('{"class":"constructor","a":1}');
    expect(again('{"class":null}')).toBe('{"class":null}');
  });
});
