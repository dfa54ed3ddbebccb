import { systemClock } from '@causeway/bridge';
import { runBridgeCommand } from '@causeway/bridge/cli';
import type { Driver } from '@causeway/bridge/device';
import { CausewayError } from '@causeway/protocol/errors';
import { serveUsb2Snes } from '@causeway/sni-bridge/serve';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestHost, testHost } from '../../packages/bridge/src/cli/testing/test-host.js';
import { serveVerb } from '../../packages/sni-bridge/src/serve/serve-verb.js';
import { MemoryConsole } from '../../packages/sni-bridge/src/serve/testing/memory-console.js';
import { TestClient } from '../../packages/sni-bridge/src/serve/testing/test-client.js';
import { putHeader } from '../../packages/sni-bridge/src/testing/put-header.js';
import { RunningCommand } from './running-command.js';

const WRAM = 0xf5_0000;

/** A driver with one console, which can go away and come back. */
class OneConsole implements Driver {
  readonly kind = 'test';
  machine = new MemoryConsole();
  away: CausewayError | undefined;
  readonly targets: (string | undefined)[] = [];

  detect() {
    return Promise.resolve([]);
  }

  open(target: string | undefined) {
    this.targets.push(target);
    return this.away ? Promise.reject(this.away) : Promise.resolve(this.machine.device);
  }

  lose(error: CausewayError, next = new MemoryConsole()): void {
    const { machine } = this;
    this.machine = next;
    machine.lose({ reason: 'lost', error });
  }
}

let driver: OneConsole;
let running: { readonly host: TestHost; readonly code: Promise<number> }[];

beforeEach(() => {
  driver = new OneConsole();
  running = [];
});
afterEach(async () => {
  for (const { host, code } of running) {
    host.interrupt();
    await code;
  }
});

const start = (...argv: readonly string[]) => {
  const host = testHost(['serve', ...argv], { clock: systemClock });
  const code = runBridgeCommand({
    name: 'causeway-sni',
    version: '1.2.3',
    about: 'For this test.',
    loadDriver: () => Promise.resolve(driver),
    verbs: [serveVerb],
    host,
  });
  running.push({ host, code });
  return { host, code };
};

const eventsOf = (host: TestHost): Record<string, unknown>[] =>
  host
    .outText()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const urlOf = async (host: TestHost): Promise<string> => {
  await host.shows('server.listening');
  return String(eventsOf(host).find(({ event }) => event === 'server.listening')?.['url']);
};

describe('causeway-sni serve', () => {
  test('serves until Ctrl+C, which is 130, and says what happens', async () => {
    const { host, code } = start('--port', '0', '--json');
    const client = await TestClient.attached(await urlOf(host));
    expect(await client.ask('AppVersion')).toEqual(['Causeway-1.2.3 (serves like SNI)']);
    expect(await client.get({ address: WRAM, size: 4 })).toEqual(driver.machine.memory.get('WRAM')?.slice(0, 4));
    host.interrupt();
    expect(await code).toBe(130);
    expect(await client.closed).toEqual({ code: 1000, reason: 'The server is going away.' });
    expect(eventsOf(host)).toMatchObject([
      { event: 'device.connected', uri: 'test://console', system: 'SNES', rom: { title: 'TEST GAME' } },
      { event: 'server.listening', write: false },
      { event: 'clients.changed', clients: 1 },
      { event: 'clients.changed', clients: 0 },
    ]);
    expect(driver.machine.device.status).toBe('closed');
  });

  test('speaks to people on stderr, and leaves stdout alone', async () => {
    const { host, code } = start('--port', '0');
    await host.shows('Serving usb2snes at ws://127.0.0.1:');
    host.interrupt();
    await code;
    expect(host.outText()).toBe('');
    expect(host.errText()).toContain('Console: TEST GAME, Test 1.0 (test://console)');
    expect(host.errText()).toContain('Clients may only read; --write lets them write.');
  });

  test('writes only when told so', async () => {
    const reading = start('--port', '0', '--json');
    const reader = await TestClient.attached(await urlOf(reading.host));
    reader.put({ address: WRAM, size: 1 }, Uint8Array.of(7));
    expect((await reader.closed).reason).toContain('--write');
    reading.host.interrupt();
    await reading.code;
    driver.machine = new MemoryConsole();
    const writing = start('--port', '0', '--json', '--write');
    const writer = await TestClient.attached(await urlOf(writing.host));
    writer.put({ address: WRAM, size: 1 }, Uint8Array.of(7));
    expect(await writer.get({ address: WRAM, size: 1 })).toEqual(Uint8Array.of(7));
  });

  test('finds a lost console again, the same one, and serves on', async () => {
    const { host } = start('--port', '0', '--json');
    const url = await urlOf(host);
    driver.away = new CausewayError('device_refused', 'Not there.');
    driver.lose(new CausewayError('device_lost', 'The emulator is gone.'));
    await host.shows('device.waiting');
    const early = await TestClient.open(url);
    expect(await early.ask('DeviceList')).toEqual([]);
    driver.away = undefined;
    await expect.poll(() => eventsOf(host).filter(({ event }) => event === 'device.connected').length).toBe(2);
    const late = await TestClient.attached(url);
    expect(await late.get({ address: WRAM, size: 1 })).toHaveLength(1);
    expect(driver.targets).toEqual([undefined, ...driver.targets.slice(1).map(() => 'test://console')]);
    expect(eventsOf(host)).toContainEqual(
      expect.objectContaining({ event: 'device.lost', reason: 'lost', message: 'The emulator is gone.' }),
    );
  });

  test("waits while another system's game is loaded where the SNES was", async () => {
    const { host } = start('--port', '0', '--json');
    const url = await urlOf(host);
    driver.lose(new CausewayError('device_lost', 'Another ROM was loaded.'), new MemoryConsole({ system: 'GB' }));
    await host.shows('device_incompatible');
    expect(await (await TestClient.open(url)).ask('DeviceList')).toEqual([]);
    expect(driver.machine.device.status).toBe('closed');
    driver.machine = new MemoryConsole();
    await expect.poll(() => eventsOf(host).filter(({ event }) => event === 'device.connected').length).toBe(2);
    expect(eventsOf(host).every(({ system = 'SNES' }) => system === 'SNES')).toBe(true);
  });

  test("another system's game is nothing to serve: 5", async () => {
    driver.machine = new MemoryConsole({ system: 'GB' });
    const { host, code } = start('--port', '0');
    expect(await code).toBe(5);
    expect(host.errText()).toContain('runs TEST GAME for GB, not SNES.');
    expect(driver.machine.device.status).toBe('closed');
  });

  test('without a console there is nothing to serve: 3', async () => {
    driver.away = new CausewayError('device_not_found', 'No SNES game was found.');
    const { host, code } = start('--port', '0');
    expect(await code).toBe(3);
    expect(host.errText()).toContain('No SNES game was found.');
  });

  test('names who holds the port: 1', async () => {
    const other = new MemoryConsole();
    await using holder = await serveUsb2Snes({ device: other.device, port: 0, version: '9.9.9' });
    const { host, code } = start('--port', String(holder.port));
    expect(await code).toBe(1);
    expect(host.errText()).toContain(`Port ${holder.port} is held by Causeway-9.9.9`);
    expect(driver.machine.device.status).toBe('closed');
    await other.device.close();
  });

  test.each([
    ['--port', '65536'],
    ['--allow-origin', 'tracker.example'],
    ['--allow-origin', 'https://tracker.example/page'],
    ['--listen', ''],
  ])('%s "%s" is a usage error: 2', async (flag, value) => {
    const { code } = start(flag, value);
    expect(await code).toBe(2);
    expect(driver.targets).toEqual([]);
  });

  test('an address that is not of this machine is 2', async () => {
    const { code } = start('--listen', '192.0.2.1', '--port', '0');
    expect(await code).toBe(2);
  });

  test('lets in the pages that are listed', async () => {
    const { host } = start('--port', '0', '--json', '--allow-origin', 'https://Tracker.example');
    const url = await urlOf(host);
    const page = await TestClient.open(url, { origin: 'https://tracker.example' });
    expect(await page.ask('DeviceList')).toEqual(['test://console']);
    const other = new TestClient(url, { origin: 'https://evil.example' });
    expect((await other.closed).code).toBe(1006);
  });
});

const FROM_SOURCE = ['--conditions=@causeway/source', '--import', 'tsx', 'packages/sni-bridge/src/main.ts'];

test('as a process: a server in front of a server, to the byte, until Ctrl+C', async () => {
  const machine = new MemoryConsole();
  putHeader(machine.memory.get('ROM') ?? new Uint8Array(), 0x7fb0, { title: 'IN THE FAR ROOM' });
  await using far = await serveUsb2Snes({ device: machine.device, port: 0, write: true });
  const argv = ['serve', '--device', `usb2snes://127.0.0.1:${far.port}`, '--port', '0', '--write', '--json'];
  await using command = new RunningCommand(argv, { program: FROM_SOURCE });
  await command.shows('server.listening');
  const url = String(command.objects.find(({ event }) => event === 'server.listening')?.['url']);
  const name = String(command.objects.find(({ event }) => event === 'device.connected')?.['uri']);
  const client = await TestClient.attached(url, name);
  expect((await client.ask('Info'))[2]).toBe('IN THE FAR ROOM');
  client.put({ address: WRAM + 0x1234, size: 5 }, Uint8Array.of(1, 2, 3, 4, 5));
  expect(await client.get({ address: WRAM + 0x1230, size: 16 })).toEqual(
    machine.memory.get('WRAM')?.slice(0x1230, 0x1240),
  );
  expect(machine.memory.get('WRAM')?.slice(0x1234, 0x1239)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  command.interrupt();
  expect(await command.ended).toBe(130);
  expect((await client.closed).code).toBe(1000);
  await machine.device.close();
});
