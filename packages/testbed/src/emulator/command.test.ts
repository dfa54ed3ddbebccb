import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { systemClock } from '@causeway/bridge';
import type { CommandHost } from '@causeway/bridge/cli';
import { afterAll, describe, expect, it } from 'vitest';
import { readIdent } from '../game/identification.js';
import { runTestbedCommand } from '../testbed-command.js';
import { LineClient } from './test-support/line-client.js';
import { tinyRom } from './test-support/tiny-rom.js';

const folder = mkdtempSync(join(tmpdir(), 'causeway-testbed-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'tiny.nes'), tinyRom());

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    this.emit('text');
    done();
  }
  /** Resolves once the text matches. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found !== null) return found;
      await new Promise((resolve) => this.once('text', resolve));
    }
  }
}

const start = (...argv: string[]) => {
  const stdout = new Sink();
  const stderr = new Sink();
  const listeners = new Set<() => void>();
  const host: CommandHost = {
    argv,
    env: {},
    platform: 'linux',
    homeDir: folder,
    cwd: folder,
    pid: 1,
    stdin: Readable.from([]),
    stdout,
    stderr,
    clock: systemClock,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFault: () => () => {},
    exitNow: () => {},
  };
  const interrupt = (): void => {
    for (const listener of listeners) listener();
  };
  return { code: runTestbedCommand(host, '1.2.3'), stdout, stderr, interrupt, listeners };
};

describe('causeway-testbed', () => {
  it('helps and tells its version on stdout', async () => {
    for (const [argv, text] of [
      [['--help'], 'emulator'],
      [['--version'], 'causeway-testbed 1.2.3'],
      [['stamp', '--help'], '--slot'],
      [['emulator', '--help'], '--screenshot'],
    ] as const) {
      const { code, stdout, stderr } = start(...argv);
      expect(await code).toBe(0);
      expect(stdout.text).toContain(text);
      expect(stderr.text).toBe('');
    }
  });

  it.each([
    [[]],
    [['nonsense']],
    [['emulator', '--nonsense']],
    [['emulator', 'word']],
    [['emulator', '--port', '70000']],
    [['emulator', '--port', 'x']],
    [['emulator', '--fps', '0']],
    [['emulator', '--fps', 'fast']],
    [['emulator', '--screenshot', 'a.png']],
    [['emulator', '--comm', 'nowhere']],
    [['emulator', '--rom', 'none.nes']],
    [['stamp', 'out.nes']],
    [['stamp', '--slot', 'Ana']],
    [['stamp', '--slot', 'Ana', '--delivery', 'nobody', 'out.nes']],
    [['stamp', '--slot', 'x'.repeat(65), 'out.nes']],
  ])('ends with 2 and says why: %j', async (argv) => {
    const { code, stdout, stderr } = start(...argv);
    expect(await code).toBe(2);
    expect(stdout.text).toBe('');
    expect(stderr.text).toMatch(/^! .+\n {2}.+\n {2}.+error: (usage|file_unreadable)\n$/);
  });

  it('stamps a copy of the game for a slot', async () => {
    const { code, stdout } = start('stamp', '--slot', 'Ana', '--seed', 'S1', '--delivery', 'client', 'ana.nes');
    expect(await code).toBe(0);
    expect(stdout.text).toBe('');
    const block = readFileSync(join(folder, 'ana.nes')).subarray(16, 16 + 256);
    expect(readIdent(block)).toMatchObject({ ident: { slotName: 'Ana', seed: 'S1', delivery: 'client' } });
  });

  it('runs until interrupted, events as JSON on stdout, saves the battery and ends with 130', async () => {
    const run = start('emulator', '--rom', 'tiny.nes', '--port', '0', '--fps', 'max', '--save', 'tiny.sav', '--json');
    const [, port] = await run.stdout.until(/"event":"emulator.listening","port":(\d+)/);
    await using client = await LineClient.open(Number(port));
    expect(await client.ask('VERSION')).toBe('1');
    await client.batch({ type: 'DISPLAY_MESSAGE', message: 'hello' });
    await run.stdout.until(/"event":"message","text":"hello"/);
    run.interrupt();
    expect(await run.code).toBe(130);
    expect(run.stderr.text).toBe('');
    const events = run.stdout.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toContain('emulator.started');
    expect(events.at(-1)).toMatchObject({ event: 'emulator.stopped', frames: expect.any(Number) });
    for (const { time } of events) expect(new Date(time).toISOString()).toBe(time);
    expect(readFileSync(join(folder, 'tiny.sav')).length).toBe(8192);
    expect(run.listeners.size).toBe(0);
  });

  it('takes a picture and ends', async () => {
    const argv = ['--rom', 'tiny.nes', '--port', '0', '--fps', 'max', '--screenshot', 'shot.png', '--after', '5'];
    const run = start('emulator', ...argv);
    expect(await run.code).toBe(0);
    expect(readFileSync(join(folder, 'shot.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(run.stdout.text).toBe('');
    expect(run.stderr.text).toMatch(/tiny \(NES\) is running[\s\S]*Stopped after \d+ frames/);
  });

  it('ends with 0 when the script ends the emulator, and runs another script', async () => {
    writeFileSync(join(folder, 'end.lua'), `print('bye\\27[2J') emu.frameadvance() client.exit()`);
    const run = start('emulator', '--rom', 'tiny.nes', '--fps', 'max', '--lua', 'end.lua');
    expect(await run.code).toBe(0);
    expect(run.stderr.text).toContain('bye');
    expect(run.stderr.text).not.toContain('\u001b');
  });
});
