import { createBizHawkDriver } from '@causeway/bizhawk-bridge';
import { type BatchResult, type Device, type Step, supports } from '@causeway/bridge/device';
import { VirtualClock } from '@causeway/bridge/testing';
import { decodeRequests, decodeResponses } from '@causeway/protocol/connector';
import { describe, expect, it } from 'vitest';
import { TcpLink } from '../../../packages/bizhawk-bridge/src/tcp-link.js';
import { recordings } from '../connector/recording.js';
import { isJson, type Turn, turnsOf } from './conversation.js';
import { RecordedConnector } from './recorded-connector.js';

/** Lines our client cannot produce, and why each is in the recordings. */
const NEVER_SENT: Readonly<Record<string, string>> = {
  'this is not json': 'not JSON: the reference answers nothing and stops listening',
  '{"type":"PING"': 'not JSON',
  VERSION: 'asked once, as the greeting',
};

describe('our link with the recorded connector', () => {
  it.each(recordings.map((recording) => [recording.case, recording] as const))('%s', async (_, recording) => {
    const turns = turnsOf(recording);
    await using server = await RecordedConnector.start(turns);
    server.play();
    const link = new TcpLink({ host: '127.0.0.1', port: server.port, maxLineBytes: 16 * 1024 * 1024 });
    expect(await link.version).toBe(1);
    for (const { line, answer } of turns) {
      if (line in NEVER_SENT) {
        server.skip();
        continue;
      }
      const exchanged = link.exchange(JSON.parse(line) as Parameters<TcpLink['exchange']>[0]);
      if (answer === undefined) {
        const told = expect(exchanged).rejects.toMatchObject({ code: 'device_closed' });
        await expect.poll(() => server.remaining).toBe(0);
        await link.close();
        await told;
      } else {
        expect(await exchanged).toEqual(JSON.parse(answer));
      }
    }
    expect(server.surprises).toEqual([]);
    expect(server.remaining).toBe(0);
    await link.close();
  });
});

describe('our codec with the recorded lines', () => {
  const lines = recordings.flatMap((recording) =>
    turnsOf(recording).map((turn) => ({ ...turn, case: recording.case })),
  );
  const malformed = lines.filter(({ line }) => {
    try {
      decodeRequests(line);
      return false;
    } catch {
      return true;
    }
  });

  it('reads every recorded answer', () => {
    for (const { answer } of lines) {
      if (answer !== undefined && answer !== '1') expect(decodeResponses(answer)).toEqual(JSON.parse(answer));
    }
  });

  it('takes the requests of exactly these recordings for malformed ones', () => {
    expect([...new Set(malformed.map((turn) => turn.case))].sort()).toEqual([
      'bad-json',
      'bad-json-then-ping',
      'guard-error',
      'guard-mid-batch',
      'malformed-items',
      'missing-fields',
      'odd-top-level',
      'pipelined',
      'unknown-type',
    ]);
  });
});

type Place = readonly [address: number, size: number, domain: string];
type Poke = readonly [address: number, data: readonly number[] | { readonly hex: string }, domain: string];

const bytesOf = (data: Poke[1]): Uint8Array => Uint8Array.from('hex' in data ? Buffer.from(data.hex, 'hex') : data);
const reads = (places: readonly Place[]): Step[] =>
  places.map(([offset, size, domain]) => ({ kind: 'read', at: { domain, offset }, size }));
const writes = (pokes: readonly Poke[]): Step[] =>
  pokes.map(([offset, data, domain]) => ({ kind: 'write', at: { domain, offset }, data: bytesOf(data) }));
const guards = (pokes: readonly Poke[]): Step[] =>
  pokes.map(([offset, data, domain]) => ({ kind: 'guard', at: { domain, offset }, expect: bytesOf(data) }));

/** Bytes as the recordings write them down, or as they are when only their sum was. */
const recordedBytes = (result: BatchResult): unknown[] =>
  result.reads.map((bytes) =>
    bytes.length > 4096
      ? { bytes: bytes.length, sum: bytes.reduce((sum, byte) => (sum + byte) >>> 0, 0) }
      : { hex: Buffer.from(bytes).toString('hex') },
  );

/** Client functions of the reference in terms of our device. */
const FUNCTIONS: Readonly<Record<string, (device: Device, args: readonly unknown[]) => Promise<unknown>>> = {
  read: async (device, [places]) => readsOf(await device.run(reads(places as readonly Place[]))),
  write: async (device, [pokes]) => {
    const { ok } = await device.run(writes(pokes as readonly Poke[]));
    return ok ? null : 'stopped';
  },
  guarded_read: async (device, [places, conditions]) => {
    const result = await device.run([...guards(conditions as readonly Poke[]), ...reads(places as readonly Place[])]);
    return result.ok ? readsOf(result) : null;
  },
  guarded_write: async (device, [pokes, conditions]) => {
    const { ok } = await device.run([...guards(conditions as readonly Poke[]), ...writes(pokes as readonly Poke[])]);
    return ok;
  },
  display_message: async (device, [text]) => {
    if (!supports(device, 'message')) throw new Error('no messages');
    await device.showMessage(text as string);
    return null;
  },
};

const readsOf = (result: BatchResult): unknown[] => {
  expect(result).toMatchObject({ ok: true, atomic: true });
  return recordedBytes(result);
};

/** Where our device deliberately does not do what the reference client did. */
const REFUSED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'read-unknown-domain': { read: 'domain_unknown' },
  'read-outside': { read: 'address_out_of_range' },
};
/** Single calls of recordings whose others are played. */
const REFUSED_LINES: Readonly<Record<string, string>> = {
  '[{"type": "WRITE", "address": 262142, "value": "AQIDBA==", "domain": "EWRAM"}]': 'address_out_of_range',
};

/** What our client gives where the reference client broke on the answer. */
const resultOf = (turn: Turn): unknown => {
  if ('result' in turn) return turn.result;
  const answers = decodeResponses(turn.answer ?? '');
  return answers.map((answer) => {
    if (answer.type !== 'READ_RESPONSE') throw new Error(`no result recorded for ${turn.line}`);
    const bytes = Buffer.from(answer.value, 'base64');
    return { bytes: bytes.length, sum: bytes.reduce((sum, byte) => (sum + byte) >>> 0, 0) };
  });
};

describe('our device with the recorded connector', () => {
  const playable = recordings.filter((recording) => turnsOf(recording).some(({ fn }) => fn in FUNCTIONS));

  it('has the calls of these recordings', () => {
    expect(playable.map((recording) => recording.case)).toEqual([
      'batch-100',
      'guard-error',
      'guard-mid-batch',
      'guard-second-fails',
      'guarded-read',
      'guarded-write',
      'lock-unlock',
      'message-unicode',
      'read-64k',
      'read-large',
      'read-outside',
      'read-small',
      'read-unknown-domain',
      'read-zero',
      'write-basic',
      'write-refused',
    ]);
  });

  it.each(playable.map((recording) => [recording.case, recording] as const))('%s', async (name, recording) => {
    const turns = turnsOf(recording);
    await using server = await RecordedConnector.start(turns);
    // As the reference client does: every read a request of its own, every batch a line. Time stands still.
    const plainLimits = { mergeReads: false, itemBytes: 65_536, answerBytes: 1_000_000 };
    const driver = createBizHawkDriver({ ports: [server.port], clock: new VirtualClock(), plainLimits });
    await using device = await driver.open(undefined);
    expect(device.info.domains).toHaveLength(10);
    server.play();
    for (const turn of turns) {
      const call = FUNCTIONS[turn.fn];
      if (!call || turn.line === '[]') {
        server.skip();
        continue;
      }
      const refusal = REFUSED[name]?.[turn.fn] ?? REFUSED_LINES[turn.line];
      if (refusal === undefined) {
        expect(await call(device, turn.args)).toEqual(resultOf(turn));
      } else {
        await expect(call(device, turn.args)).rejects.toMatchObject({ code: refusal });
        server.skip();
      }
    }
    expect(server.surprises).toEqual([]);
    expect(server.remaining).toBe(0);
  });
});

describe('silence, as recorded', () => {
  it.each(['bad-json', 'split-line'])('%s: is waited out and never taken for an answer', async (name) => {
    const recording = recordings.find((candidate) => candidate.case === name);
    if (!recording) throw new Error(`no recording ${name}`);
    const silent = turnsOf(recording).at(-1);
    expect(silent?.answer).toBeUndefined();
    const line = JSON.stringify([{ type: 'READ', address: 0, size: 1, domain: 'EWRAM' }]);
    await using server = await RecordedConnector.start([{ line, answer: undefined, fn: 'read', args: [] }]);
    const clock = new VirtualClock();
    await using device = await createBizHawkDriver({ ports: [server.port], clock }).open(undefined);
    server.play();
    const run = device.run(reads([[0, 1, 'EWRAM']]));
    const told = expect(run).rejects.toMatchObject({ code: 'batch_outcome_unknown' });
    await expect.poll(() => server.remaining).toBe(0);
    // Where the reference client gives up.
    clock.pass(5000);
    expect(device.status).toBe('paused');
    clock.pass(25_000);
    await told;
    expect(await device.closed).toMatchObject({ reason: 'timeout' });
  });

  it('counts what is not JSON among what it never sends', () => {
    const broken = recordings.flatMap((recording) => turnsOf(recording).filter(({ line }) => !isJson(line)));
    expect([...new Set(broken.map(({ line }) => line))].sort()).toEqual(Object.keys(NEVER_SENT).sort());
  });
});
