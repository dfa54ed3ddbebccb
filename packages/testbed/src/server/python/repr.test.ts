import { describe, expect, it } from 'vitest';
import { PYTHON_REPRS } from '../test-support/python-results.js';
import { readJson } from './read-json.js';
import { isPrintable, repr, str, typeName } from './repr.js';

describe('repr', () => {
  it.each(PYTHON_REPRS)('shows %s as Python does', (json, text) => {
    expect(repr(readJson(json))).toBe(text);
  });

  it('leaves texts bare where Python prints them', () => {
    expect(str('cmd')).toBe('cmd');
    expect(str(readJson('{"nocmd":1}'))).toBe("{'nocmd': 1}");
  });

  it.each([
    ['null', 'NoneType'],
    ['true', 'bool'],
    ['5', 'int'],
    ['5.0', 'float'],
    ['"x"', 'str'],
    ['[]', 'list'],
    ['{}', 'dict'],
  ])('names the type of %s: %s', (json, name) => {
    expect(typeName(readJson(json))).toBe(name);
  });
});

describe('isPrintable', () => {
  it.each(['', 'Hello, world', "héllo ☂ 'quoted", '😀', '日本'])('accepts %j', (text) => {
    expect(isPrintable(text)).toBe(true);
  });

  it.each(['a\nb', 'tab\there', '\u200b', '\u00a0', '\u2028', '\ud800', '\ue000', '\u0000'])('refuses %j', (text) => {
    expect(isPrintable(text)).toBe(false);
  });
});
