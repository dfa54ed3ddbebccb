import { supports } from '@causeway/bridge/device';
import { describe, expect, it } from 'vitest';
import { createBizHawkDriver } from './bizhawk-driver.js';
import { nesModel } from './testing/connector-model.js';
import { FakeConnector, serveModel } from './testing/fake-connector.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('a Causeway connector', () => {
  it('is opened in one connection and carries out a batch in one line', async () => {
    const model = nesModel();
    await using server = await FakeConnector.start(serveModel(model));
    const driver = createBizHawkDriver({ ports: [server.port] });
    await using device = await driver.open(undefined);

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

  it('shows messages', async () => {
    const model = nesModel();
    await using server = await FakeConnector.start(serveModel(model));
    await using device = await createBizHawkDriver().open(server.uri);
    if (!supports(device, 'message')) throw new Error('no messages');
    await device.showMessage('héllo ✓');
    expect(model.messages).toEqual(['héllo ✓']);
  });
});
