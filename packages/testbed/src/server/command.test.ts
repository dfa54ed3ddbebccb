import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runServerCommand } from './command.js';
import { TestClient } from './test-support/test-client.js';
import { type TestHost, testHost } from './test-support/test-host.js';
import { SMALL_ROOM } from './test-support/test-room.js';

let folder: string;
let host: TestHost;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-server-'));
  writeFileSync(join(folder, 'room.json'), SMALL_ROOM);
  host = testHost(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: readonly string[]): Promise<number> =>
  runServerCommand(['--room', 'room.json', '--port', '0', ...args], host);

const url = async (): Promise<string> => {
  await host.shows('ws://');
  return /ws:\/\/[\d.]+:\d+/.exec(host.outText() + host.errText())![0];
};

const jsonLines = () =>
  host
    .outText()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('causeway-testbed server', () => {
  it('tells people on stderr what happens, and ends with 130 on Ctrl+C', async () => {
    const ended = run();
    const client = await TestClient.join(await url(), 'Ann', 'Oak');
    client.send({ cmd: 'LocationChecks', locations: [11] });
    await host.shows('Ann sent Pearl* to Cid (Trunk)');
    client.send({ cmd: 'Say', text: '!players' });
    await host.shows('Ann: !players');
    host.interrupt();
    expect(await ended).toBe(130);
    expect(await client.closed).toBe(1001);
    expect(host.errText()).toMatch(/^Room small is open at ws:.* for Ann \(Oak\), Ben \(Oak\), Cid \(Sea\)/);
    expect(host.outText()).toBe('');
  });

  it('tells programs on stdout, one object per line', async () => {
    const ended = run('--json');
    const client = await TestClient.join(await url(), 'Ann', 'Oak');
    client.send({ cmd: 'StatusUpdate', status: 30 });
    await host.shows('room.goal');
    host.type('/players');
    await host.shows('1 players of 3');
    host.type('/exit');
    expect(await ended).toBe(0);
    const lines = jsonLines();
    expect(lines.every(({ time, event }) => typeof time === 'string' && typeof event === 'string')).toBe(true);
    const events = lines.map(({ event }) => event);
    expect(events).toEqual(
      expect.arrayContaining(['server.listening', 'room.joined', 'room.goal', 'console', 'server.stopped']),
    );
    expect(lines.find(({ event }) => event === 'room.sent')).toMatchObject({
      finderName: expect.any(String),
      item: expect.any(Number),
    });
    expect(host.errText()).toBe('');
  });

  it('lets nothing another player writes steer the terminal', async () => {
    const ended = run();
    const client = await TestClient.join(await url(), 'Ann', 'Oak');
    client.send({ cmd: 'Connect', password: null, game: '', name: '\u001b[2J\u0007evil', uuid: '', tags: [] });
    await host.shows('evil was refused');
    host.interrupt();
    await ended;
    expect(host.errText()).not.toContain('\u001b');
  });

  it('lets the host chat and give', async () => {
    const ended = run();
    const client = await TestClient.join(await url(), 'Ann', 'Oak');
    host.type('   ');
    host.type('Hello all');
    await client.waitFor('PrintJSON', ({ message }) => message === 'Hello all');
    host.type('/send Ann Acorn');
    await client.waitFor('ReceivedItems', ({ items }) => (items as { item: number }[]).some(({ item }) => item === 1));
    host.type('/send_multiple 2 Ann Leaf');
    await host.shows('Ann was given 2 of Leaf');
    host.interrupt();
    await ended;
  });

  it('keeps the room in a file', async () => {
    const first = run('--save', 'save.json');
    const client = await TestClient.join(await url(), 'Ann', 'Oak');
    client.send({ cmd: 'LocationChecks', locations: [10] });
    await client.waitFor('RoomUpdate');
    expect(existsSync(join(folder, 'save.json'))).toBe(false);
    host.type('/save');
    host.interrupt();
    await first;
    expect(readFileSync(join(folder, 'save.json'), 'utf8')).toContain('"checked":[10]');
    expect(existsSync(join(folder, 'save.json.new'))).toBe(false);

    host = testHost(folder);
    const second = run('--save', 'save.json');
    const again = await TestClient.join(await url(), 'Ann', 'Oak');
    expect(await again.waitFor('Connected')).toMatchObject({ checked_locations: [10] });
    host.interrupt();
    await second;
  });

  it('takes the password from a file', async () => {
    writeFileSync(join(folder, 'password'), 'open sesame\nnotes\n');
    const ended = run('--password-file', 'password', '--json');
    const client = new TestClient(await url());
    expect(await client.waitFor('RoomInfo')).toMatchObject({ password: true });
    client.login('Ann', 'Oak');
    await client.waitFor('ConnectionRefused');
    host.interrupt();
    await ended;
    expect(host.outText()).not.toContain('sesame');
  });

  it('helps', async () => {
    expect(await runServerCommand(['--help'], host)).toBe(0);
    expect(host.outText()).toContain('Usage: causeway-testbed server --room FILE');
  });

  it.each([
    [[], 'usage'],
    [['--nonsense'], 'usage'],
    [['--room', 'room.json', '--port', '70000'], 'usage'],
    [['--room', 'room.json', '--port', 'x'], 'usage'],
    [['--room', 'absent.json'], 'file_unreadable'],
    [['--room', 'room.json', '--password-file', 'absent'], 'file_unreadable'],
  ])('fails with its code for %j: %s', async (args, code) => {
    await expect(runServerCommand(args, host)).rejects.toMatchObject({ code });
  });

  it('does not start over a save of another room', async () => {
    writeFileSync(join(folder, 'save.json'), '{"version":1,"seed":"another"}');
    await expect(run('--save', 'save.json')).rejects.toMatchObject({ code: 'room_invalid' });
    expect(readFileSync(join(folder, 'save.json'), 'utf8')).toBe('{"version":1,"seed":"another"}');
  });
});
