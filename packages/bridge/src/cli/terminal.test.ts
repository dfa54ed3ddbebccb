import { expect, test } from 'vitest';
import { Output } from './output.js';
import { Secrets } from './secrets.js';
import { Terminal } from './terminal.js';
import { testHost } from './testing/test-host.js';

const start = (options: { readonly json?: boolean; readonly tty?: boolean } = {}) => {
  const host = testHost([], { tty: options.tty ?? true });
  const output = new Output(host, new Secrets(), () => {});
  const abort = new AbortController();
  let interrupts = 0;
  const terminal = new Terminal({
    host,
    output,
    signal: abort.signal,
    flags: { json: options.json ?? false },
    interrupt: () => {
      interrupts += 1;
    },
  });
  return { host, output, abort, terminal, interrupts: () => interrupts };
};

test('nobody is there without a terminal, or when a program reads along', () => {
  expect(start().terminal.present).toBe(true);
  expect(start({ tty: false }).terminal.present).toBe(false);
  expect(start({ json: true }).terminal.present).toBe(false);
});

test('a secret is never shown, not even when an event puts the question below itself', async () => {
  const { host, output, terminal } = start();
  const answer = terminal.ask('Password:', true);
  host.stdin.push('half');
  await host.shows('Password:');
  output.note('Something happened.');
  await host.shows('Something happened.');
  host.type(' and half');
  expect(await answer).toBe('half and half');
  expect(host.errText()).not.toContain('half');
  expect(host.errText().match(/Password:/g)).toHaveLength(2);
});

test('an event keeps what is being typed below itself', async () => {
  const { host, output, terminal } = start();
  const lines: string[] = [];
  using _listening = terminal.listen({ onLine: (line) => lines.push(line), onEnd: () => {} });
  host.stdin.push('hel');
  await host.shows('hel');
  output.note('Something happened.');
  await host.shows('> hel');
  host.type('lo');
  await expect.poll(() => lines).toEqual(['hello']);
});

test('lines typed at a question are answers, not lines', async () => {
  const { host, terminal } = start();
  const lines: string[] = [];
  using _listening = terminal.listen({ onLine: (line) => lines.push(line), onEnd: () => {} });
  const answer = terminal.ask('Slot name:');
  host.type('Ana');
  expect(await answer).toBe('Ana');
  host.type('chat');
  await expect.poll(() => lines).toEqual(['chat']);
});

test('Ctrl+C asks to stop, Ctrl+D ends the input', async () => {
  const { host, terminal, interrupts } = start();
  let ended = false;
  using _listening = terminal.listen({
    onLine: () => {},
    onEnd: () => {
      ended = true;
    },
  });
  host.stdin.push('\u0003');
  await expect.poll(interrupts).toBe(1);
  host.stdin.push('\u0004');
  await expect.poll(() => ended).toBe(true);
});

test('a question is given up when the command ends', async () => {
  const one = start();
  const aborted = one.terminal.ask('Room:');
  one.abort.abort(new Error('stop'));
  await expect(aborted).rejects.toThrow('stop');
  const two = start();
  const left = two.terminal.ask('Room:');
  two.terminal[Symbol.dispose]();
  await expect(left).rejects.toMatchObject({ code: 'interrupted' });
});
