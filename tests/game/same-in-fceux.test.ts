import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NesMachine } from '@causeway/testbed/emulator';
import { ITEMS, readGameRom } from '@causeway/testbed/game';
import { describe, expect, it } from 'vitest';
import { FCEUX_PROBE } from '../e2e/fceux/fceux.js';
import { startVirtualDisplay } from '../e2e/fceux/virtual-display.js';
import { toolAvailable } from '../support/require-tool.js';

const SCRIPT = fileURLToPath(new URL('./log-run.lua', import.meta.url));
const TURNS = 2_000;
const ORDER = [
  'Axe',
  'Ember',
  'Snail Trap',
  'Feather',
  'Waders',
  'Coin',
  'Brass Key',
  'Ember',
  'Apple',
  'Ember',
  'Ward',
];
const CODES = ORDER.map((name) => ITEMS.find((item) => item.name === name)?.code ?? 0);

/** The same play as in `log-run.lua`. */
const logInJsnes = (): string => {
  const machine = new NesMachine(readGameRom(), 'emberwalk');
  const domain = (name: string) => machine.domains.find((each) => each.name === name)!;
  const [ram, wram] = [domain('RAM'), domain('WRAM')];
  let log = '';
  let last = '';
  for (;;) {
    machine.advance();
    const playing = ram.peek(0x700) === 0x50;
    const turn = ram.peek(0x706) + 256 * ram.peek(0x707);
    const line = [ram.peek(0x700), ram.peek(0x701), ram.peek(0x705), wram.peek(0x13), wram.peek(0x14), wram.peek(0x18)];
    const text = line.join(' ');
    if (playing && text !== last) {
      log += `${turn}: ${text} in ${ram.peek(0x702)}\n`;
      last = text;
    }
    const taken = wram.peek(0x14);
    const code = CODES[taken];
    if (playing && ram.peek(0x710) === 0 && taken < ram.peek(0x705) && code !== undefined) {
      ram.poke(0x711, code);
      ram.poke(0x712, taken);
      ram.poke(0x710, 1);
    }
    if (playing && turn >= TURNS) return log;
  }
};

const logInFceux = async (folder: string): Promise<string> => {
  await using display = await startVirtualDisplay();
  const rom = join(folder, 'emberwalk.nes');
  const log = join(folder, 'log.txt');
  await writeFile(rom, readGameRom());
  await mkdir(join(folder, 'runtime'), { mode: 0o700 });
  const child = spawn('fceux', ['--no-config', '1', '--sound', '0', '--loadlua', SCRIPT, rom], {
    stdio: 'ignore',
    env: {
      PATH: `${process.env['PATH']}:/usr/games:/usr/local/games`,
      HOME: folder,
      XDG_RUNTIME_DIR: join(folder, 'runtime'),
      DISPLAY: display.name,
      CAUSEWAY_LOG: log,
      CAUSEWAY_ITEMS: CODES.join(','),
      CAUSEWAY_TURNS: String(TURNS),
    },
  });
  try {
    await once(child, 'exit', { signal: AbortSignal.timeout(90_000) });
  } finally {
    child.kill('SIGKILL');
  }
  return readFile(log, 'utf8');
};

describe.skipIf(!toolAvailable('fceux', FCEUX_PROBE))('Emberwalk in FCEUX', () => {
  it('is turn by turn the run it is in jsnes', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-same-'));
    try {
      const expected = logInJsnes();
      expect(expected.split('\n').length).toBeGreaterThan(15);
      expect(await logInFceux(folder)).toBe(expected);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
});
