import { silentLogger } from '@causeway/bridge';
import type { Step } from '@causeway/bridge/device';
import { VirtualClock } from '@causeway/bridge/testing';
import { describe, expect, it } from 'vitest';
import { type BizHawkDevice, openBizHawkDevice } from './bizhawk-device.js';
import { configure } from './bizhawk-options.js';
import { identify } from './identify.js';
import { RequestChannel } from './request-channel.js';
import { type ConnectorModel, mixed, nesModel } from './testing/connector-model.js';
import { ModelLink, settled } from './testing/model-link.js';

const read = (domain: string, offset: number, size: number): Step => ({ kind: 'read', at: { domain, offset }, size });
const coded = (code: string) => expect.objectContaining({ code });

const open = async (model: ConnectorModel, strictLines = false) => {
  const clock = new VirtualClock();
  const { times, plainLimits, causewayLimits } = configure({});
  const link = new ModelLink(model);
  const identity = await identify(link);
  const channel = new RequestChannel(link, { clock, times, logger: silentLogger });
  const limits = identity.causeway ? causewayLimits : plainLimits;
  const device: BizHawkDevice = await openBizHawkDevice(
    { uri: link.uri, channel, identity, limits, now: () => clock.now(), strictLines },
    {},
  );
  link.sent = [];
  return { clock, link, device };
};

describe('a device behind a plain connector', () => {
  const plain = () => nesModel({ causeway: false, current: 'System Bus' });

  it('knows the canonical domains the emulator has, and no frame counter', async () => {
    const { device } = await open(plain());
    expect(device.info.domains.map(({ name }) => name)).toEqual(['RAM', 'WRAM', 'PRG ROM', 'System Bus']);
    expect([...device.info.capabilities].sort()).toEqual(['atomicBatch', 'framePaced', 'message']);
    expect(device.info.peer).toBe('BizHawk connector 1');
    const result = await device.run([read('RAM', 0, 1)]);
    expect(result).toEqual({ ok: true, atomic: true, reads: [mixed(1, 1)] });
  });

  it('looks once for a domain it has not heard of', async () => {
    const model = nesModel({
      causeway: false,
      domains: [
        { name: 'Battery', bytes: mixed(64, 9) },
        { name: 'System Bus', bytes: mixed(65_536, 4) },
      ],
    });
    const { device, link } = await open(model);
    expect(device.info.domains.map(({ name }) => name)).toEqual(['System Bus']);
    const result = await device.run([read('Battery', 0, 64)]);
    expect(result.reads).toEqual([mixed(64, 9)]);
    await expect(device.run([read('Nothing', 0, 1)])).rejects.toEqual(coded('domain_unknown'));
    const before = link.sent.length;
    await expect(device.run([read('Nothing', 0, 1)])).rejects.toEqual(coded('domain_unknown'));
    await device.run([read('Battery', 0, 1)]);
    expect(link.sent).toHaveLength(before + 1);
  });

  it('reads more than a line may carry in several, and says that it was not one frame', async () => {
    const model = plain();
    const { device, link } = await open(model);
    const result = await device.run([read('PRG ROM', 0, 131_072), read('RAM', 1, 2)]);
    expect(result.atomic).toBe(false);
    expect(result.reads.map((bytes) => Buffer.from(bytes).toString('base64'))).toEqual([
      Buffer.from(mixed(131_072, 3)).toString('base64'),
      Buffer.from(mixed(2048, 1).slice(1, 3)).toString('base64'),
    ]);
    expect(link.sent.length).toBeGreaterThan(2);
  });

  it('stops sending once a repeated guard does not hold any more', async () => {
    const model = plain();
    const { device, link } = await open(model);
    link.held = true;
    const run = device.run([
      { kind: 'guard', at: { domain: 'RAM', offset: 0 }, expect: mixed(1, 1) },
      read('PRG ROM', 0, 131_072),
    ]);
    await settled();
    await link.answer();
    model.bytes('RAM')[0] = 0;
    await link.answer();
    await link.answer();
    expect(await run).toEqual({ ok: false, failedGuard: 0, atomic: false, reads: [] });
    expect(link.sent).toHaveLength(2);
  });
});

describe('a device behind our connector', () => {
  it('sends nothing that the emulator would take for something else', async () => {
    const { device, link } = await open(nesModel());
    await expect(device.run([read('Nothing', 0, 1)])).rejects.toEqual(coded('domain_unknown'));
    await expect(device.run([read('RAM', 2048, 1)])).rejects.toEqual(coded('address_out_of_range'));
    const write: Step = { kind: 'write', at: { domain: 'PRG ROM', offset: 0 }, data: mixed(1) };
    await expect(device.run([write])).rejects.toEqual(coded('domain_read_only'));
    expect(link.sent).toEqual([]);
    expect(await device.run([])).toEqual({ ok: true, atomic: true, reads: [] });
    expect(link.sent).toEqual([]);
  });

  it('says which guard did not hold, in which frame, with the reads before it', async () => {
    const model = nesModel();
    const { device } = await open(model);
    const result = await device.run([
      read('RAM', 0, 1),
      { kind: 'guard', at: { domain: 'RAM', offset: 0 }, expect: mixed(1, 99) },
      { kind: 'write', at: { domain: 'RAM', offset: 0 }, data: Uint8Array.of(0) },
      read('RAM', 1, 1),
    ]);
    expect(result).toEqual({ ok: false, failedGuard: 1, atomic: true, frame: model.frame, reads: [mixed(1, 1)] });
    expect(model.bytes('RAM')[0]).toBe(1);
  });

  it('says which step the emulator refused, and goes on', async () => {
    const model = nesModel({
      domains: [
        { name: 'RAM', bytes: mixed(8) },
        { name: 'System Bus', bytes: mixed(65_536) },
      ],
    });
    const { device } = await open(model);
    const ram = model.domains.get('RAM');
    Object.assign(ram ?? {}, { writable: false });
    const write: Step = { kind: 'write', at: { domain: 'RAM', offset: 0 }, data: Uint8Array.of(5) };
    await expect(device.run([read('System Bus', 0, 1), write])).rejects.toMatchObject({
      code: 'batch_step_failed',
      context: { step: 1, executed: [0] },
    });
    expect((await device.run([read('RAM', 0, 1)])).reads).toEqual([mixed(1)]);
  });

  it('asks for the ROM about once a second, and closes when it is another', async () => {
    const model = nesModel();
    const { device, link, clock } = await open(model);
    const hashes = () => link.sent.flat().filter(({ type }) => type === 'HASH').length;
    for (let i = 0; i < 120; i++) {
      await device.run([read('RAM', 0, 1)]);
      clock.pass(1000 / 60);
    }
    expect(hashes()).toBe(1);
    expect(await device.rom()).toEqual({ system: 'NES', hash: 'F00D' });
    model.hash = 'BEEF';
    clock.pass(1000);
    const write: Step = { kind: 'write', at: { domain: 'RAM', offset: 0 }, data: Uint8Array.of(5) };
    await expect(device.run([write])).rejects.toMatchObject({
      code: 'batch_outcome_unknown',
      cause: coded('device_lost'),
    });
    expect(await device.closed).toMatchObject({ reason: 'rom_changed', error: coded('device_lost') });
    await expect(device.run([write])).rejects.toEqual(coded('device_closed'));
    await expect(device.run([])).rejects.toEqual(coded('device_closed'));
    expect(clock.pending).toBe(0);
  });

  it('notices another ROM while nobody asks for anything', async () => {
    const model = nesModel();
    const { device, clock } = await open(model);
    model.hash = 'BEEF';
    clock.pass(2000);
    expect((await device.closed).reason).toBe('rom_changed');
  });

  it('says what happened to a question without effect, not that its outcome is unknown', async () => {
    const { device, link } = await open(nesModel());
    link.held = true;
    const rom = device.rom({ timeoutMs: 100_000 });
    const told = expect(rom).rejects.toEqual(coded('device_lost'));
    await settled();
    link.lose();
    await told;
  });

  it('closes when an answer makes no sense', async () => {
    const model = nesModel();
    const { device, link } = await open(model);
    model.answer = () => [{ type: 'PONG' }];
    await expect(device.run([read('RAM', 0, 1)])).rejects.toMatchObject({
      code: 'batch_outcome_unknown',
      cause: coded('protocol_unexpected'),
    });
    expect((await device.closed).reason).toBe('protocol');
    expect(link.end).toBe('destroyed');
  });

  it('puts strict mode on every line where the connection may be renewed', async () => {
    const { device, link } = await open(nesModel(), true);
    await device.run([read('RAM', 0, 1)]);
    expect(link.sent).toEqual([
      [{ type: 'STRICT', value: true }, { type: 'FRAME' }, { type: 'READ', address: 0, size: 1, domain: 'RAM' }],
    ]);
  });

  it('is disposable, twice', async () => {
    const { device, clock, link } = await open(nesModel());
    await device[Symbol.asyncDispose]();
    await device.close();
    expect(link.end).toBe('closed');
    expect(device.status).toBe('closed');
    expect(clock.pending).toBe(0);
  });
});
