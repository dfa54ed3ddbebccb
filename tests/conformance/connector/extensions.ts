import { expect, it } from 'vitest';
import type { ConnectorUnderTest, OpenConnector } from './connector-under-test.js';
import { LineSocket } from './line-socket.js';

const STRICT = { type: 'STRICT', value: true };
const types = (answers: readonly Record<string, unknown>[]) => answers.map(({ type }) => type);

type Scenario = (client: LineSocket, connector: ConnectorUnderTest) => Promise<void>;

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'CAUSEWAY says who it is, where it stands and what memory there is': async (client) => {
    const [ping, answer] = await client.batch({ type: 'PING' }, { type: 'CAUSEWAY' });
    expect(ping).toEqual({ type: 'PONG' });
    expect(answer).toMatchObject({ type: 'CAUSEWAY_RESPONSE', value: { features: ['FRAME', 'STRICT'] } });
    const { connector, host, frame, domains } = answer!['value'] as {
      connector: string;
      host: string;
      frame: number;
      domains: { name: string; size: number }[];
    };
    expect(connector).toMatch(/^\d+\.\d+\.\d+$/);
    expect(host).not.toBe('');
    expect(frame).toBeGreaterThan(0);
    expect(domains.find(({ name }) => name === 'EWRAM')).toMatchObject({ size: 262_144 });
    expect(domains.map(({ name }) => name)).toContain('System Bus');
  },

  'FRAME is the same within a batch and grows between frames': async (client, connector) => {
    const [a, b] = await client.batch({ type: 'FRAME' }, { type: 'FRAME' });
    expect(a).toEqual(b);
    await connector.frame();
    const [c] = await client.batch({ type: 'FRAME' });
    expect(c?.['value']).toBeGreaterThan(a?.['value'] as number);
  },

  'strict: unknown domains and ranges outside are errors': async (client) => {
    const answers = await client.batch(
      STRICT,
      { type: 'READ', address: 0, size: 1, domain: 'No Such Domain' },
      { type: 'READ', address: 0, size: 1 },
      { type: 'READ', address: 32_767, size: 1, domain: 'IWRAM' },
      { type: 'READ', address: 32_767, size: 2, domain: 'IWRAM' },
      { type: 'READ', address: -1, size: 1, domain: 'IWRAM' },
      { type: 'WRITE', address: 32_767, value: 'AQI=', domain: 'IWRAM' },
      { type: 'WRITE', address: 0, value: 'AQI=', domain: 'iwram' },
      { type: 'MEMORY_SIZE', domain: 'iwram' },
      { type: 'MEMORY_SIZE', domain: 'IWRAM' },
    );
    expect(types(answers)).toEqual([
      'STRICT_RESPONSE',
      'ERROR',
      'ERROR',
      'READ_RESPONSE',
      'ERROR',
      'ERROR',
      'ERROR',
      'ERROR',
      'ERROR',
      'MEMORY_SIZE_RESPONSE',
    ]);
  },

  'strict: writes to read-only memory are errors, and other writes are not': async (client) => {
    const answers = await client.batch(
      STRICT,
      { type: 'WRITE', address: 0, value: '/w==', domain: 'BIOS' },
      { type: 'WRITE', address: 0, value: '/w==', domain: 'IWRAM' },
      { type: 'WRITE', address: 0, value: '/w==', domain: 'IWRAM' },
      { type: 'WRITE', address: 50_331_649, value: '/w==', domain: 'System Bus' },
      { type: 'READ', address: 0, size: 2, domain: 'IWRAM' },
    );
    expect(types(answers).slice(0, 5)).toEqual([
      'STRICT_RESPONSE',
      'ERROR',
      'WRITE_RESPONSE',
      'WRITE_RESPONSE',
      'WRITE_RESPONSE',
    ]);
    expect(answers[5]?.['value']).toBe('//8=');
  },

  'strict: a refused guard ends its batch with copies of its error': async (client) => {
    const answers = await client.batch(
      STRICT,
      { type: 'GUARD', address: 0, expected_data: 'AA==', domain: 'No Such Domain' },
      { type: 'WRITE', address: 0, value: '/w==', domain: 'IWRAM' },
      { type: 'PING' },
    );
    expect(types(answers)).toEqual(['STRICT_RESPONSE', 'ERROR', 'ERROR', 'ERROR']);
    expect(answers[3]).toEqual(answers[1]);
    expect(await client.batch({ type: 'READ', address: 0, size: 1, domain: 'IWRAM' })).toEqual([
      { type: 'READ_RESPONSE', value: 'EQ==' },
    ]);
  },

  'strict ends when told, and with the connection': async (client, connector) => {
    const unknown = { type: 'READ', address: 0, size: 1, domain: 'No Such Domain' };
    expect(types(await client.batch(STRICT, unknown, { ...STRICT, value: false }, unknown))).toEqual([
      'STRICT_RESPONSE',
      'ERROR',
      'STRICT_RESPONSE',
      'READ_RESPONSE',
    ]);
    await client.batch(STRICT);
    client.end();
    expect(await client.line()).toBeUndefined();
    await using next = await LineSocket.greet(connector.port);
    expect(types(await next.batch(unknown))).toEqual(['READ_RESPONSE']);
  },
};

/** Declares one test per promise of Causeway's additions to the protocol. */
export const itKeepsItsExtensions = (open: OpenConnector): void => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    it(name, async () => {
      await using connector = await open();
      await using client = await LineSocket.greet(connector.port);
      await scenario(client, connector);
    });
  }
};
