import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { systemClock } from '@causeway/bridge';
import type { CommandHost } from '@causeway/bridge/cli';
import { afterAll, describe, expect, it } from 'vitest';
import { runTestbedCommand } from '../testbed-command.js';
import { CONSOLE_FAULTS } from './faults.js';
import { DatagramClient } from './test-support/datagram-client.js';

const folder = mkdtempSync(join(tmpdir(), 'causeway-console-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'other.sfc'), new Uint8Array(0x8000));

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    this.emit('text');
    done();
  }
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
    argv: ['console', ...argv],
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

describe('causeway-testbed console', () => {
  it('helps, and has words for every fault', async () => {
    const { code, stdout } = start('--help');
    expect(await code).toBe(0);
    for (const [name, words] of Object.entries(CONSOLE_FAULTS)) {
      expect(stdout.text).toContain(name);
      expect(stdout.text).toContain(words);
    }
  });

  it.each([
    [[]],
    [['--system', 'nes']],
    [['--system', 'snes', '--mapping', 'sa1']],
    [['--system', 'snes', '--nwa', '70000']],
    [['--system', 'snes', '--nwa', 'x']],
    [['--system', 'snes', '--fault', 'none']],
    [['--system', 'snes', '--fps', '0']],
    [['--system', 'snes', '--seed', 'x']],
    [['--system', 'snes', '--server', 'other']],
    [['--system', 'snes', '--rom', 'none.sfc']],
    [['--system', 'snes', '--nwa', '0', '--slot', 'x'.repeat(65)]],
    [['--system', 'snes', 'word']],
  ])('ends with 2 and says why: %j', async (argv) => {
    const { code, stdout, stderr } = start(...argv);
    expect(await code).toBe(2);
    expect(stdout.text).toBe('');
    expect(stderr.text).toMatch(/^! .+\n {2}.+\n {2}.+error: (usage|file_unreadable)\n$/);
  });

  it('runs until interrupted, events as JSON on stdout, and ends with 130', async () => {
    const doors = ['--usb2snes', '0', '--grpc', '0', '--retroarch', '0', '--nwa', '0'];
    const run = start('--system', 'snes', ...doors, '--slot', 'Ana', '--fps', '240', '--json');
    const [, port] = await run.stdout.until(/"door":"retroarch","port":(\d+)/);
    await run.stdout.until(/"door":"nwa","port":\d+/);
    await using client = await DatagramClient.to(Number(port));
    expect(await client.ask('GET_STATUS')).toMatch(/^GET_STATUS PLAYING bsnes-mercury,Marshlight for Ana,crc32=/);
    await client.send('SHOW_MSG hello');
    await run.stdout.until(/"event":"message","text":"hello"/);
    await client.send('READ_CORE_MEMORY 7e0000 -1');
    await run.stdout.until(/"event":"emulator.crashed"/);
    run.interrupt();
    expect(await run.code).toBe(130);
    expect(run.stderr.text).toBe('');
    const events = run.stdout.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter(({ event }) => event === 'console.listening')).toHaveLength(4);
    expect(events.at(-1)).toMatchObject({ event: 'console.stopped', frames: expect.any(Number) });
    expect(run.listeners.size).toBe(0);
  });

  it('takes another cartridge, tells people on stderr, and lets nothing steer the terminal', async () => {
    const run = start('--system', 'snes', '--retroarch', '0', '--rom', 'other.sfc', '--fps', 'max');
    const [, port] = await run.stderr.until(/\(UDP\): port (\d+)\./);
    await using client = await DatagramClient.to(Number(port));
    expect(await client.ask('GET_STATUS')).toContain(',other,');
    await client.send('SHOW_MSG bye\u001b[2J');
    await run.stderr.until(/On screen: bye/);
    run.interrupt();
    expect(await run.code).toBe(130);
    expect(run.stdout.text).toBe('');
    expect(run.stderr.text).not.toContain('\u001b');
  });

  it('says which port is taken', async () => {
    const first = start('--system', 'snes', '--nwa', '0');
    const [, port = ''] = await first.stderr.until(/NetworkAccess: port (\d+)\./);
    const second = start('--system', 'snes', '--nwa', port);
    expect(await second.code).toBe(1);
    expect(second.stderr.text).toContain(`! TCP port ${port} cannot be used.`);
    expect(second.stderr.text).toContain('error: port_in_use');
    first.interrupt();
    await first.code;
  });
});
