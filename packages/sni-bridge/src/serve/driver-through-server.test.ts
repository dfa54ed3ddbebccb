import type { Device, Step } from '@causeway/bridge/device';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { putHeader } from '../testing/put-header.js';
import { createUsb2SnesDriver } from '../usb2snes/usb2snes-driver.js';
import { serveUsb2Snes, type Usb2SnesServer } from './serve-usb2snes.js';
import { MemoryConsole } from './testing/memory-console.js';

let machine: MemoryConsole;
let server: Usb2SnesServer;
let device: Device;

beforeEach(async () => {
  machine = new MemoryConsole({ romSize: 0x8_0000 });
  const rom = machine.memory.get('ROM') ?? new Uint8Array();
  putHeader(rom, 0x7fb0, { title: 'THROUGH AND THROUGH' });
  server = await serveUsb2Snes({ device: machine.device, port: 0, write: true });
  device = await createUsb2SnesDriver().open(`usb2snes://127.0.0.1:${server.port}`);
});
afterEach(async () => {
  await device.close();
  await server.close();
  await machine.device.close();
});

const SIZES = { WRAM: 0x2_0000, SRAM: 0x2000, ROM: 0x8_0000 } as const;
type Domain = keyof typeof SIZES;

const place = (domains: readonly Domain[], largest: number) =>
  fc
    .record({ domain: fc.constantFrom(...domains), at: fc.nat(SIZES.WRAM), size: fc.integer({ min: 1, max: largest }) })
    .map(({ domain, at, size }) => ({ domain, offset: at % (SIZES[domain] - size), size }));

/** A step before it is known what its guard would have to find. */
type Draft = Exclude<Step, { kind: 'guard' }> | { kind: 'guard'; at: Step['at']; size: number; holds: boolean };

const draft: fc.Arbitrary<Draft> = fc.oneof(
  place(['WRAM', 'SRAM', 'ROM'], 5000).map(({ size, ...at }): Draft => ({ kind: 'read', at, size })),
  fc
    .tuple(place(['WRAM', 'SRAM'], 1500), fc.nat(255))
    .map(([{ size, ...at }, fill]): Draft => ({ kind: 'write', at, data: new Uint8Array(size).fill(fill) })),
  fc
    .tuple(place(['WRAM', 'ROM'], 40), fc.integer({ min: 0, max: 9 }))
    .map(([{ size, ...at }, luck]): Draft => ({ kind: 'guard', at, size, holds: luck > 0 })),
);

/** Gives each guard what memory will hold when its turn comes, or something else. */
const resolveDrafts = (memory: ReadonlyMap<string, Uint8Array>, drafts: readonly Draft[]): readonly Step[] => {
  const copy = copyOf(memory);
  return drafts.map((one): Step => {
    const bytes = copy.get(one.at.domain) ?? new Uint8Array();
    if (one.kind === 'write') bytes.set(one.data, one.at.offset);
    if (one.kind !== 'guard') return one;
    const expect = bytes.slice(one.at.offset, one.at.offset + one.size);
    if (!one.holds) expect[0] = (expect[0] ?? 0) ^ 1;
    return { kind: 'guard', at: one.at, expect };
  });
};

const copyOf = (memory: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> =>
  new Map([...memory].map(([name, bytes]) => [name, Uint8Array.from(bytes)]));

/** What the steps must give, worked out on a copy. */
const direct = (memory: ReadonlyMap<string, Uint8Array>, steps: readonly Step[]) => {
  const copy = copyOf(memory);
  const reads: Uint8Array[] = [];
  for (const [index, one] of steps.entries()) {
    const bytes = copy.get(one.at.domain) ?? new Uint8Array();
    const { offset } = one.at;
    if (one.kind === 'write') bytes.set(one.data, offset);
    else if (one.kind === 'read') reads.push(bytes.slice(offset, offset + one.size));
    else if (one.expect.some((byte, at) => bytes[offset + at] !== byte))
      return { ok: false, failedGuard: index, reads, copy };
  }
  return { ok: true, reads, copy };
};

describe('our driver at our server', () => {
  test('sees the console as it is', () => {
    const { info } = device;
    expect(info.rom.title).toBe('THROUGH AND THROUGH');
    expect(info.domains).toEqual([
      { name: 'WRAM', size: SIZES.WRAM },
      { name: 'SRAM', size: SIZES.SRAM },
      { name: 'ROM', size: SIZES.ROM, writable: false },
    ]);
    expect(info.peer).toMatch(/^Causeway-1 \(serves like SNI\): test:\/\/console/);
    expect(info.uri).toBe(`usb2snes://127.0.0.1:${server.port}/?device=test%3A%2F%2Fconsole`);
  });

  test('any batch does what it would do to the memory itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(draft, { minLength: 1, maxLength: 16 }), async (drafts) => {
        const steps = resolveDrafts(machine.memory, drafts);
        const { copy, ...expected } = direct(machine.memory, steps);
        const { atomic: _, frame: __, ...result } = await device.run(steps);
        expect(result).toEqual(expected);
        for (const [name, bytes] of machine.memory) {
          expect(Buffer.compare(bytes, copy.get(name) ?? new Uint8Array())).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('one batch of many places is one exchange with the console', async () => {
    machine.exchanges.length = 0;
    const steps = Array.from(
      { length: 30 },
      (_, index): Step => ({
        kind: 'read',
        at: { domain: 'WRAM', offset: index * 0x200 },
        size: 8,
      }),
    );
    await device.run(steps);
    expect(machine.exchanges).toHaveLength(1);
  });

  test('is told when the server ends', async () => {
    await server.close();
    expect(await device.closed).toMatchObject({
      reason: 'lost',
      error: { code: 'device_lost', message: expect.stringContaining('The server is going away.') },
    });
  });

  test('knows that a server only reads, and asks for no more', async () => {
    await using other = await serveUsb2Snes({ device: machine.device, port: 0 });
    await using reader = await createUsb2SnesDriver().open(`usb2snes://127.0.0.1:${other.port}`);
    const write: Step = { kind: 'write', at: { domain: 'WRAM', offset: 0 }, data: Uint8Array.of(1) };
    await expect(reader.run([write])).rejects.toMatchObject({ code: 'domain_read_only' });
    expect((await reader.run([{ kind: 'read', at: { domain: 'WRAM', offset: 0 }, size: 1 }])).ok).toBe(true);
  });

  test('is found in the list', async () => {
    const driver = createUsb2SnesDriver({ ports: [server.port] });
    expect(await driver.detect()).toMatchObject([{ uri: device.info.uri, state: 'ready', system: 'SNES' }]);
  });

  test('several at once do not disturb each other', async () => {
    const others = await Promise.all(
      Array.from({ length: 4 }, () => createUsb2SnesDriver().open(`usb2snes://127.0.0.1:${server.port}`)),
    );
    const all = [device, ...others];
    const wram = machine.memory.get('WRAM') ?? new Uint8Array();
    const answers = await Promise.all(
      all.flatMap((one, index) =>
        Array.from({ length: 20 }, (_, turn) =>
          one.run([{ kind: 'read', at: { domain: 'WRAM', offset: index * 0x1000 + turn }, size: 3000 }]),
        ),
      ),
    );
    const expected = all.flatMap((_, index) =>
      Array.from({ length: 20 }, (_, turn) => [wram.slice(index * 0x1000 + turn, index * 0x1000 + turn + 3000)]),
    );
    expect(answers.map(({ reads }) => reads)).toEqual(expected);
    await Promise.all(others.map((other) => other.close()));
  });
});
