// node --import tsx bench/main.ts [NAME] [--smoke] [--reference-lua DIR]: runs one bench and prints its figures as JSON;
// without a name it prints the names.
import { parseArgs } from 'node:util';
import { BENCHES } from './benches.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { smoke: { type: 'boolean', default: false }, 'reference-lua': { type: 'string' } },
});
const [name] = positionals;

const main = async (): Promise<unknown> => {
  if (name === undefined) return BENCHES.map((bench) => bench.name);
  const bench = BENCHES.find((each) => each.name === name);
  if (!bench) throw new Error(`There is no bench "${name}": ${BENCHES.map((each) => each.name).join(', ')}.`);
  const figures = await bench.run({ smoke: values.smoke, referenceLua: values['reference-lua'] });
  return { name: bench.name, how: bench.how, figures };
};

process.stdout.write(`${JSON.stringify(await main(), null, 2)}\n`);
