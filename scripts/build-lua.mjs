// Joins the parts in lua/src into the one file per emulator that players load.
//
// Every part becomes a function in a private table, in the order in which they need each other, and `require('part')`
// becomes a look-up in that table: nothing is global, and no other script's `json` can take the place of ours.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'lua');

/** Committed file → the part that starts it. */
export const SCRIPTS = {
  'causeway-bizhawk.lua': 'hosts/bizhawk',
  'causeway-fceux.lua': 'hosts/fceux',
};

const REQUIRE = /require\('([^']+)'\)/g;

const partNames = (text) => [...text.matchAll(REQUIRE)].map((match) => match[1]);

/** Parts that `entry` needs, itself last. */
const inOrder = (entry, read, done = new Map(), open = []) => {
  if (open.includes(entry)) throw new Error(`parts need each other in a circle: ${[...open, entry].join(' > ')}`);
  if (done.has(entry)) return done;
  const text = read(entry);
  for (const name of partNames(text)) inOrder(name, read, done, [...open, entry]);
  return done.set(entry, text);
};

const indent = (text) => text.trimEnd().replaceAll(/^(?=.)/gm, '  ');

const joined = (name, text) =>
  `parts['${name}'] = (function()\n${indent(text.replaceAll(REQUIRE, (_, needed) => `parts['${needed}']`))}\nend)()\n`;

/** Text of one committed script. */
export const buildScript = (entry, read = (name) => readFileSync(join(folder, 'src', `${name}.lua`), 'utf8')) => {
  const parts = [...inOrder(entry, read)];
  const [, last] = parts.pop();
  return [
    read('header'),
    '-- This file is made from the parts in lua/src by scripts/build-lua.mjs: change those.\n',
    '\nlocal parts = {}\n',
    ...parts.map(([name, text]) => `\n${joined(name, text)}`),
    `\n${last.replaceAll(REQUIRE, (_, needed) => `parts['${needed}']`)}`,
  ].join('');
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, entry] of Object.entries(SCRIPTS)) {
    writeFileSync(join(folder, file), buildScript(entry));
    console.log(`lua/${file}`);
  }
}
