import type { Socket } from 'node:net';
import { supports } from '@causeway/bridge/device';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBizHawkDriver } from './bizhawk-driver.js';
import type { BizHawkOptions } from './bizhawk-options.js';
import { type ConnectorModel, nesModel } from './testing/connector-model.js';
import { FakeConnector, type Script, serveModel } from './testing/fake-connector.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const coded = (code: string) => expect.objectContaining({ code });
const read = { kind: 'read', at: { domain: 'RAM', offset: 0 }, size: 1 } as const;

/** Fake connectors, and what the driver makes of them. */
const servers: FakeConnector[] = [];
const start = async (script: Script, onConnection?: (socket: Socket) => void): Promise<FakeConnector> => {
  const server = await FakeConnector.start(script, onConnection);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});
const driverFor = (options: Partial<BizHawkOptions> = {}) =>
  createBizHawkDriver({ ports: servers.map(({ port }) => port), times: { detectMs: 400, openMs: 400 }, ...options });

/** A port on which nothing listens. */
const closedPort = async (): Promise<number> => {
  await using server = await FakeConnector.start(() => undefined);
  return server.port;
};

describe('opening a Causeway connector', () => {
  it('takes one connection, and one line for a batch', async () => {
    const model = nesModel();
    const server = await start(serveModel(model));
    await using device = await driverFor().open(undefined);

    expect(server.connections).toBe(1);
    expect(device.info).toMatchObject({
      driver: 'bizhawk',
      uri: server.uri,
      system: 'NES',
      rom: { system: 'NES', hash: 'F00D' },
      peer: 'Causeway connector 1.0.0 in Model 1',
    });
    expect(device.info.domains).toContainEqual({ name: 'PRG ROM', size: 131_072, writable: false });
    expect(device.info.capabilities.has('frameCounter')).toBe(true);

    const before = model.lines.length;
    const result = await device.run([
      { kind: 'read', at: { domain: 'RAM', offset: 0x10 }, size: 2 },
      { kind: 'guard', at: { domain: 'RAM', offset: 0x10 }, expect: model.bytes('RAM').slice(0x10, 0x12) },
      { kind: 'write', at: { domain: 'WRAM', offset: 0 }, data: bytes(1, 2, 3) },
      { kind: 'read', at: { domain: 'WRAM', offset: 0 }, size: 4 },
    ]);
    expect(result).toEqual({
      ok: true,
      atomic: true,
      frame: model.frame,
      reads: [model.bytes('RAM').slice(0x10, 0x12), bytes(1, 2, 3, model.bytes('WRAM')[3] ?? 0)],
    });
    expect(model.lines).toHaveLength(before + 1);
    expect(model.strict).toBe(true);
  });

  it('greets before anything else, and every line is ASCII', async () => {
    const model = nesModel();
    const server = await start(serveModel(model));
    await using device = await driverFor().open(server.uri);
    if (!supports(device, 'message')) throw new Error('no messages');
    await device.showMessage('héllo ✓');
    expect(model.messages).toEqual(['héllo ✓']);
    expect(server.lines[0]).toBe('VERSION');
    for (const line of server.lines) expect(line).toMatch(/^[\x20-\x7e]+$/);
  });

  it('tells the reference connector from ours', async () => {
    await start(serveModel(nesModel({ causeway: false, current: 'System Bus' })));
    await using device = await driverFor().open(undefined);
    expect(device.info.peer).toBe('BizHawk connector 1');
    expect(device.info.domains.map(({ name }) => name)).toEqual(['RAM', 'WRAM', 'PRG ROM', 'System Bus']);
  });
});

describe('finding connectors', () => {
  const http: Script = (line) => (line === 'VERSION' ? 'HTTP/1.1 400 Bad Request\r\n\r\n' : undefined);

  it('says of every port what is there, all at once, without keeping any of them', async () => {
    const ready = await start(serveModel(nesModel()));
    const busy = await start(
      () => undefined,
      (socket) => socket.resetAndDestroy(),
    );
    const closing = await start((_, socket) => {
      socket.end();
      return undefined;
    });
    const silent = await start(() => undefined);
    const foreign = await start(http);
    const trickling = await start(() => 'mysql');
    const incompatible = await start((line) => (line === 'VERSION' ? '2\n' : undefined));
    const stuck = await start((line) => (line === 'VERSION' ? '1\n' : undefined));
    const idle = await start(serveModel(nesModel({ system: 'NULL' })));
    const strange = await start((line) => (line === 'VERSION' ? '1\n' : '[{"type":"ERROR","err":"no"}]\n'));
    const ports = [...servers.map(({ port }) => port), await closedPort()];

    const started = performance.now();
    const listings = await driverFor({ ports, times: { detectMs: 700 } }).detect();
    // Four of them use up their time: one after another would take four times as long.
    expect(performance.now() - started).toBeLessThan(2 * 700);
    const states = Object.fromEntries(listings.map(({ uri, state }) => [uri, state]));
    expect(states).toEqual({
      [ready.uri]: 'ready',
      [busy.uri]: 'busy',
      [closing.uri]: 'busy',
      [silent.uri]: 'silent',
      [foreign.uri]: 'foreign',
      [trickling.uri]: 'foreign',
      [incompatible.uri]: 'incompatible',
      [stuck.uri]: 'silent',
      [idle.uri]: 'silent',
      [strange.uri]: 'incompatible',
    });
    expect(listings[0]).toEqual({
      uri: ready.uri,
      driver: 'bizhawk',
      state: 'ready',
      system: 'NES',
      rom: { system: 'NES', hash: 'F00D' },
      peer: 'Causeway connector 1.0.0 in Model 1',
    });
    for (const { state, detail } of listings) expect(state === 'ready' || detail).toBeTruthy();
    for (const server of servers) {
      // Whoever looks busy is asked again: the client before us may have been about to leave.
      expect(server.connections).toBeLessThanOrEqual(states[server.uri] === 'busy' ? 3 : 1);
      await vi.waitFor(() => expect(server.open).toBe(0));
    }
  });

  it('finds nothing where nothing is', async () => {
    const ports = [await closedPort()];
    expect(await driverFor({ ports }).detect()).toEqual([]);
    await expect(driverFor({ ports: [...ports, await closedPort()] }).open(undefined)).rejects.toEqual(
      coded('device_not_found'),
    );
    await expect(driverFor({ ports }).open(`bizhawk://127.0.0.1:${ports[0]}`)).rejects.toEqual(coded('device_refused'));
  });

  it('waits for a connector that answers late', async () => {
    const model = nesModel();
    const serve = serveModel(model);
    await start((line, socket) => {
      setTimeout(() => socket.write(serve(line, socket) ?? ''), 60);
      return undefined;
    });
    await using device = await driverFor({ times: { detectMs: 900 } }).open(undefined);
    expect(device.info.system).toBe('NES');
  });

  it('gives the client before it a moment to leave', async () => {
    const serve = serveModel(nesModel());
    const server: FakeConnector = await start((line, socket) => {
      if (server.connections > 2) return serve(line, socket);
      socket.destroy();
      return undefined;
    });
    await using device = await driverFor({ times: { detectMs: 5000, openMs: 5000 } }).open(undefined);
    expect(device.info.system).toBe('NES');
    expect(server.connections).toBe(3);
  });

  it('lists the choices when there are several, and holds none of them', async () => {
    const first = await start(serveModel(nesModel()));
    const second = await start(serveModel(nesModel({ hash: 'CAFE' })));
    await start(() => undefined);
    await expect(driverFor().open(undefined)).rejects.toMatchObject({
      code: 'device_ambiguous',
      context: {
        choices: [
          { uri: first.uri, rom: { hash: 'F00D' } },
          { uri: second.uri, rom: { hash: 'CAFE' } },
        ],
      },
    });
    for (const server of servers) await vi.waitFor(() => expect(server.open).toBe(0));
    await using device = await driverFor().open(second.uri);
    expect(device.info.rom.hash).toBe('CAFE');
  });

  it.each<[string, Script, string]>([
    ['another client holds it', (_, socket) => void socket.destroy(), 'device_busy'],
    ['it is paused', () => undefined, 'device_timeout'],
    ['it is no connector', http, 'device_foreign'],
    ['it speaks another version', (line) => (line === 'VERSION' ? '7\n' : undefined), 'device_incompatible'],
  ])('says why a named one cannot be opened: %s', async (_, script, code) => {
    const server = await start(script);
    await expect(driverFor().open(server.uri)).rejects.toMatchObject({
      code,
      context: { findings: [{ uri: server.uri }] },
    });
    await vi.waitFor(() => expect(server.open).toBe(0));
  });

  it('explains what it found when looking around: busy before silent before foreign', async () => {
    await start(http);
    await expect(
      driverFor({ ports: [servers[0]?.port ?? 0, await closedPort()] }).open(undefined),
    ).rejects.toMatchObject({
      code: 'device_not_found',
      message: expect.stringContaining(servers[0]?.uri ?? 'never'),
      context: { findings: [{ state: 'foreign' }, { state: 'absent' }] },
    });
    await start(() => undefined);
    await expect(driverFor().open(undefined)).rejects.toEqual(coded('device_timeout'));
    await start((_, socket) => void socket.destroy());
    await expect(driverFor().open(undefined)).rejects.toEqual(coded('device_busy'));
  });

  it("gives the caller's own reason for an abort", async () => {
    const server = await start(() => undefined);
    const reason = new Error('mine');
    const controller = new AbortController();
    const opening = driverFor({ times: { openMs: 20_000, detectMs: 20_000 } });
    const opened = opening.open(server.uri, { signal: controller.signal });
    const detected = opening.detect({ signal: controller.signal });
    await vi.waitFor(() => expect(server.connections).toBe(2));
    controller.abort(reason);
    await expect(opened).rejects.toBe(reason);
    await expect(detected).rejects.toBe(reason);
    await expect(opening.detect({ signal: controller.signal })).rejects.toBe(reason);
    await vi.waitFor(() => expect(server.open).toBe(0));
  });

  it('looks at the port the script was told to use', async () => {
    const server = await FakeConnector.start(serveModel(nesModel()));
    servers.push(server);
    const driver = createBizHawkDriver({ env: { CAUSEWAY_PORT: String(server.port) } });
    expect((await driver.detect()).map(({ uri }) => uri)).toContain(server.uri);
    for (const CAUSEWAY_PORT of ['0', '65536', 'x']) {
      expect(() => createBizHawkDriver({ env: { CAUSEWAY_PORT } })).toThrowError(coded('usage'));
    }
  });
});

describe('a connector that misbehaves', () => {
  /** Opens a good connector, which then turns bad. */
  const turned = async (script: Script, options: Partial<BizHawkOptions> = {}) => {
    const model: ConnectorModel = nesModel();
    const server = await start(serveModel(model));
    const device = await driverFor(options).open(undefined);
    server.script = script;
    return { server, device };
  };
  const unknown = (cause: string) => expect.objectContaining({ code: 'batch_outcome_unknown', cause: coded(cause) });

  it.each<[string, Script, string, string]>([
    ['garbage', () => '\u0000\u0001\u0002\n', 'protocol_malformed', 'protocol'],
    ['an empty line', () => '\n', 'protocol_malformed', 'protocol'],
    ['half an answer, then the end', (_, socket) => void socket.end('[{"type":'), 'device_lost', 'lost'],
    ['the end', (_, socket) => void socket.end(), 'device_lost', 'lost'],
    ['a reset', (_, socket) => void socket.resetAndDestroy(), 'device_lost', 'lost'],
    ['too few answers', () => '[]\n', 'protocol_unexpected', 'protocol'],
    ['answers of another kind', () => '[{"type":"PONG"},{"type":"PONG"}]\n', 'protocol_unexpected', 'protocol'],
    [
      'more bytes than asked for',
      () => '[{"type":"FRAME_RESPONSE","value":1},{"type":"READ_RESPONSE","value":"AAAA"}]\n',
      'protocol_unexpected',
      'protocol',
    ],
    ['two lines', () => '[]\n[]\n', 'protocol_unexpected', 'protocol'],
    ['a line and a half', () => '[]\n[', 'protocol_unexpected', 'protocol'],
    ['a line without end', () => 'x'.repeat(70_000), 'protocol_line_too_long', 'protocol'],
  ])('by answering with %s ends the device', async (_, script, cause, reason) => {
    const { device, server } = await turned(script, { maxLineBytes: 65_536 });
    await expect(device.run([read])).rejects.toEqual(unknown(cause));
    expect((await device.closed).reason).toBe(reason);
    await expect(device.run([read])).rejects.toEqual(coded('device_closed'));
    await vi.waitFor(() => expect(server.open).toBe(0));
  });

  it('by saying something unasked ends the device', async () => {
    const { device, server } = await turned(() => undefined);
    server.send('1\n');
    expect(await device.closed).toMatchObject({ reason: 'protocol', error: coded('protocol_unexpected') });
  });

  it('by flooding ends the device', async () => {
    const { device, server } = await turned(() => undefined);
    server.send('[]\n'.repeat(100_000));
    expect((await device.closed).reason).toBe('protocol');
  });

  it('by answering after the deadline is not believed', async () => {
    const answer = '[{"type":"FRAME_RESPONSE","value":1},{"type":"READ_RESPONSE","value":"AA=="}]\n';
    const { device, server } = await turned(() => undefined, { times: { openMs: 1000, answerMs: 50 } });
    await expect(device.run([read])).rejects.toEqual(unknown('device_timeout'));
    expect((await device.closed).reason).toBe('timeout');
    server.send(answer);
    await expect(device.run([read])).rejects.toEqual(coded('device_closed'));
  });

  it('takes an answer of nearly 16 MiB', async () => {
    const model = nesModel({
      domains: [
        { name: 'RAM', bytes: new Uint8Array(12 * 1024 * 1024 - 200).fill(7) },
        { name: 'System Bus', bytes: new Uint8Array(65_536) },
      ],
    });
    await start(serveModel(model));
    const whole = { requestBytes: 1e6, answerBytes: 2 ** 25, itemBytes: 2 ** 24 };
    await using device = await driverFor({ causewayLimits: whole }).open(undefined);
    const { reads } = await device.run([{ ...read, size: 12 * 1024 * 1024 - 200 }]);
    expect(Buffer.from(reads[0] ?? []).equals(Buffer.from(model.bytes('RAM')))).toBe(true);
  });

  it('notices an emulator that exits while nobody asks', async () => {
    const { device, server } = await turned(() => undefined);
    server.drop();
    expect(await device.closed).toMatchObject({ reason: 'lost', error: coded('device_lost') });
  });
});
