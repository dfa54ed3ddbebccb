import { expect, test } from 'vitest';
import { parseCategories, TextChoice } from './text-categories.js';

test('a list is words with commas, all or none', () => {
  expect([...parseCategories('hint, chat', '--show')]).toEqual(['hint', 'chat']);
  expect(parseCategories('all', '--show').size).toBe(5);
  expect(parseCategories('none', '--show').size).toBe(0);
  for (const text of ['', 'other', 'hint,', 'all,hint']) {
    expect(() => parseCategories(text, '--show')).toThrow(/--show/);
  }
});

test('every category is at the prompt; the screen has what came and where things are', () => {
  const choice = new TextChoice({});
  expect(choice.describe('prompt')).toBe('incoming, outgoing, hint, chat, server');
  expect(choice.describe('screen')).toBe('incoming, hint');
});

test('all goes on unless all are on', () => {
  const choice = new TextChoice({ screen: new Set(['chat']) });
  expect(choice.switch('screen', 'all')).toBe(true);
  expect(choice.describe('screen')).toBe('incoming, outgoing, hint, chat, server');
  choice.switch('screen', 'all');
  expect(choice.describe('screen')).toBe('nothing');
  expect(choice.switch('screen', 'other')).toBe(false);
  expect(choice.describe('prompt')).toBe('incoming, outgoing, hint, chat, server');
});
