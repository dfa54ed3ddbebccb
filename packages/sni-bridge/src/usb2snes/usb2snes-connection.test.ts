import { VirtualClock } from '@causeway/bridge/testing';
import { encodeResults } from '@causeway/protocol/usb2snes';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { FakeServer } from './testing/fake-server.js';
import { Usb2SnesConnection } from './usb2snes-connection.js';

const WRAM = 0xf5_0000;

let server: FakeServer;
let clock: VirtualClock;

beforeEach(() => {
  server = new FakeServer();
  clock = new VirtualClock();
});

const connect = async (window = 4): Promise<Usb2SnesConnection> => {
  const { factory } = server;
  const connection = new Usb2SnesConnection({
    host: '127.0.0.1',
    port: 1,
    socketFactory: factory,
    clock,
    window,
    closeGraceMs: 250,
  });
  await connection.opened;
  return connection;
};
const byteAt = (connection: Usb2SnesConnection, offset: number, signal?: AbortSignal): Promise<number | undefined> =>
  connection.read([{ address: WRAM + offset, size: 1 }], signal).then(([byte]) => byte);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('questions given up before they were sent are never sent', async () => {
  const connection = await connect(1);
  server.faults.silent = true;
  const controller = new AbortController();
  const first = byteAt(connection, 1);
  const dropped = byteAt(connection, 2, controller.signal).catch((reason: unknown) => reason);
  const third = byteAt(connection, 3);
  controller.abort('enough');
  expect(await dropped).toBe('enough');
  server.speak();
  await Promise.all([first, third]);
  expect(server.requests).toEqual(['GetAddress F50001 1', 'GetAddress F50003 1']);
});

test('a signal that is aborted already asks nothing', async () => {
  const connection = await connect();
  await expect(byteAt(connection, 0, AbortSignal.abort('before'))).rejects.toBe('before');
  expect(server.requests).toEqual([]);
});

test('answers reach whoever asked, however many gave up', async () => {
  crypto.getRandomValues(server.memory.subarray(WRAM, WRAM + 0x100));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      async (kept, window) => {
        server.faults.silent = true;
        const connection = await connect(window);
        const controller = new AbortController();
        const answers = kept.map((keep, index) =>
          keep ? byteAt(connection, index) : byteAt(connection, index, controller.signal).catch(() => 'given up'),
        );
        await settled();
        controller.abort();
        server.speak();
        const expected = kept.map((keep, index) => (keep ? server.memory[WRAM + index] : 'given up'));
        expect(await Promise.all(answers)).toEqual(expected);
        await settled();
        expect(connection.owedAnswers).toBe(0);
        await connection.close();
      },
    ),
    { numRuns: 50 },
  );
});

test('whatever a server pushes ends in a coded error, and everything asked is told', async () => {
  const message = fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.string(), fc.constant(encodeResults(['x'])));
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 12 }), async (messages) => {
      server.faults.silent = true;
      const connection = await connect();
      const asked = [byteAt(connection, 0), connection.ask('Info', []), byteAt(connection, 1)];
      const outcomes = Promise.allSettled(asked);
      for (const one of messages) typeof one === 'string' ? server.pushText(one) : server.pushBytes(one);
      server.close('end');
      for (const outcome of await outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason.code).toMatch(/^(protocol_|device_lost)/);
      }
      expect((await connection.ended).error?.code).toMatch(/^(protocol_|device_lost)/);
    }),
    { numRuns: 100 },
  );
});

test('a server that says no goodbye is left after the grace', async () => {
  let terminated = 0;
  const connection = new Usb2SnesConnection({
    host: '::1',
    port: 2,
    clock,
    window: 1,
    closeGraceMs: 250,
    socketFactory: (_url, handlers) => {
      queueMicrotask(() => handlers.open());
      return { send: () => {}, close: () => {}, terminate: () => terminated++ };
    },
  });
  expect(connection.url).toBe('ws://[::1]:2');
  await connection.opened;
  await Promise.all([connection.close(), connection.close()]);
  expect(await connection.ended).toEqual({});
  await expect(byteAt(connection, 0)).rejects.toMatchObject({ code: 'device_closed' });
  expect(() => connection.write(WRAM, Uint8Array.of(1))).toThrow(expect.objectContaining({ code: 'device_closed' }));
  clock.pass(250);
  expect(terminated).toBe(1);
});
