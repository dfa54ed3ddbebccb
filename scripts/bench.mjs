// npm run bench [-- NAME…] [--smoke] [--no-build] [--page] [--reference-lua DIR]: measures side by side, prints
// the ratios and writes bench/results.json, with --page docs/measurements.md too. Each bench runs in a process of its own.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, ensureInstalled, root } from './workspace.mjs';

/** Above this, something else is running, and times say more about that than about us. */
const QUIET_LOAD = 1.5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    smoke: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    'reference-lua': { type: 'string' },
  },
});

/** Runs bench/main.ts and reads what it prints; on failure ends this process. */
const ask = (...args) => {
  const run = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'bench', 'main.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) process.exit(run.status || 1);
  return JSON.parse(run.stdout);
};

const options = [
  ...(values.smoke ? ['--smoke'] : []),
  ...(values['reference-lua'] === undefined ? [] : ['--reference-lua', values['reference-lua']]),
];

/** Three digits that say something; instruction counts in full. */
const number = (value) => {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
};

const row = ({ what, unit, ours, beside, samples, spread }) => [
  what,
  `${number(ours)} ${unit}`,
  Object.entries(spread ?? {})
    .map(([name, value]) => `${name} ${number(value)}`)
    .join(', '),
  samples === undefined ? '' : String(samples),
  beside ? `${number(beside.value)} (${beside.name})` : '',
  beside && ours > 0 ? `${number(beside.value / ours)}×` : '',
];

const HEAD = ['what', 'ours', 'spread', 'n', 'beside it', 'beside ÷ ours'];

const table = (rows) => {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(rows[0]), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)].join('\n');
};

/** What the figures were measured under. */
const circumstances = () => ({
  startedAt: new Date().toISOString(),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  loadAverage: Number(loadavg()[0].toFixed(2)),
  smoke: values.smoke,
});

ensureInstalled();
// The build itself is load: what the machine did before it is what counts.
const machine = circumstances();
// Benches import what is built.
if (!values['no-build']) build();
const known = ask();
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}. There are: ${known.join(', ')}.\n`);
  process.exit(2);
}

const warning =
  machine.loadAverage > QUIET_LOAD
    ? `WARNING: load average ${machine.loadAverage} at the start. Other work is running: times are not to be trusted.`
    : undefined;
const { node, platform, processor, cores, loadAverage } = machine;
const conditions = `Node ${node}, ${platform}, ${cores} × ${processor}, load average ${loadAverage} at the start`;
process.stdout.write(`${conditions}\n`);
if (warning) process.stdout.write(`${warning}\n`);

const benches = [];
const sections = [];
for (const name of positionals.length > 0 ? positionals : known) {
  const begun = Date.now();
  const bench = ask(name, ...options);
  const seconds = Math.round((Date.now() - begun) / 1000);
  benches.push({ ...bench, seconds });
  const section = `## ${name}\n\n${bench.how}\n\n${table([HEAD, ...bench.figures.map(row)])}\n`;
  sections.push(section);
  process.stdout.write(`\n${section}`);
}

if (values.smoke) process.stdout.write('\nA smoke run: these figures measure nothing.\n');
if (warning) process.stdout.write(`\n${warning}\n`);
writeFileSync(join(root, 'bench', 'results.json'), `${JSON.stringify({ machine, benches }, null, 2)}\n`);
process.stdout.write('\nWritten to bench/results.json.\n');

const [BEGIN, END] = ['<!-- figures -->', '<!-- end of figures -->'];
if (values.page) {
  const page = join(root, 'docs', 'measurements.md');
  const text = readFileSync(page, 'utf8');
  const [before, after] = [text.slice(0, text.indexOf(BEGIN)), text.slice(text.indexOf(END))];
  const taken = `${machine.startedAt.slice(0, 10)}: ${conditions}.`;
  writeFileSync(page, `${before}${[BEGIN, taken, ...(warning ? [warning] : []), ...sections].join('\n\n')}\n${after}`);
  process.stdout.write('Written to docs/measurements.md.\n');
}
