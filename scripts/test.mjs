// npm test [-- vitest arguments]: installs what is missing, builds, runs every test, and says by name what was skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, ensureInstalled, root } from './workspace.mjs';

ensureInstalled();
build();

const folder = mkdtempSync(join(tmpdir(), 'causeway-test-'));
const report = join(folder, 'report.json');
const { status } = spawnSync(
  join(root, 'node_modules', '.bin', 'vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' },
);

const readReport = () => {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    process.stderr.write('The test runner left no report: it did not get as far as running tests.\n');
    process.exit(status || 1);
  }
};
const { testResults } = readReport();
rmSync(folder, { recursive: true, force: true });

const count = { passed: 0, failed: 0, skipped: 0 };
for (const file of testResults) {
  const states = file.assertionResults.map((test) => test.status);
  const skipped = states.filter((state) => state !== 'passed' && state !== 'failed').length;
  count.passed += states.filter((state) => state === 'passed').length;
  count.failed += states.filter((state) => state === 'failed').length;
  count.skipped += skipped;
  // A file that does not even load has no tests in it, and must not pass for nothing.
  if (file.status === 'failed' && !states.includes('failed')) count.failed += 1;
  if (skipped > 0) process.stdout.write(`skipped ${skipped} in ${relative(root, file.name)}\n`);
}
if (count.passed === 0) count.failed += 1;
if (count.skipped > 0) process.stdout.write('Run `npm run setup:emulators` to get what the skipped suites need.\n');
process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
process.exitCode = status || (count.failed > 0 ? 1 : 0);
