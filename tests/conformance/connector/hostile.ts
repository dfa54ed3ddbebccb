import { expect, it } from 'vitest';
import type { ConnectorUnderTest, OpenConnector } from './connector-under-test.js';
import { LineSocket } from './line-socket.js';

const PING = [{ type: 'PONG' }];

/** The connector is fine when the emulator runs and a newcomer is served. */
const expectService = async (connector: ConnectorUnderTest): Promise<void> => {
  const before = await connector.frame();
  await using client = await LineSocket.greet(connector.port);
  expect(await client.batch({ type: 'PING' })).toEqual(PING);
  expect(await connector.frame()).toBeGreaterThan(before);
};

/** Retries until the connector has noticed that the one before is gone. */
const greetSoon = async (port: number): Promise<LineSocket> => {
  for (let attempt = 0; attempt < 50; attempt++) {
    const client = await LineSocket.open(port);
    if ((await client.ask('VERSION')) === '1') return client;
    await client[Symbol.asyncDispose]();
  }
  throw new Error('not served after 50 attempts');
};

type Scenario = (connector: ConnectorUnderTest) => Promise<void>;

const readAt = (address: number, domain = 'IWRAM') => ({ type: 'READ', address, size: 1, domain });

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a half line, then the end: nothing of it runs': async (connector) => {
    {
      await using client = await LineSocket.greet(connector.port);
      client.write('[{"type":"WRITE","address":0,"value":"/w==","domain":"IWRAM"}');
      client.end();
      expect(await client.line()).toBeUndefined();
    }
    await using next = await LineSocket.greet(connector.port);
    expect(await next.batch(readAt(0))).toEqual([{ type: 'READ_RESPONSE', value: 'EQ==' }]);
  },

  'whole lines before the end are still carried out and answered': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    client.write('[{"type":"PING"}]\n[{"type":"SYSTEM"}]\n[{"type":"PI');
    client.end();
    expect(await client.line()).toBe('[{"type":"PONG"}]');
    expect(await client.line()).toContain('SYSTEM_RESPONSE');
    expect(await client.line()).toBeUndefined();
  },

  'a web page is turned away before its body': async (connector) => {
    const write = '[{"type":"WRITE","address":0,"value":"/w==","domain":"IWRAM"}]';
    for (const head of ['POST / HTTP/1.1\r\nHost: localhost\r\n\r\n', 'GET / HTTP/1.1', 'OPTIONS * HTTP/1.1\r\n']) {
      await using page = await LineSocket.open(connector.port);
      page.write(`${head}${write}\nVERSION\n${write}\n`);
      expect(await page.line()).toBeUndefined();
    }
    await using client = await LineSocket.greet(connector.port);
    expect(await client.batch(readAt(0))).toEqual([{ type: 'READ_RESPONSE', value: 'EQ==' }]);
  },

  'requests before a greeting are refused with a reason': async (connector) => {
    {
      await using client = await LineSocket.open(connector.port);
      expect(await client.ask('[{"type":"PING"}]')).toContain('VERSION');
      expect(await client.line()).toBeUndefined();
    }
    await expectService(connector);
  },

  'broken lines are answered and the connection goes on': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    for (const line of [
      '',
      ' ',
      'null',
      '1',
      'true',
      '[',
      '{"type":',
      '[{"type":"PING"}',
      '[{"type":"PING"},]',
      '\u0000',
    ]) {
      const answer = JSON.parse((await client.ask(line)) ?? 'null') as { type: string }[];
      expect(
        answer.map(({ type }) => type),
        JSON.stringify(line),
      ).toEqual(['ERROR']);
    }
    expect(await client.batch({ type: 'PING' })).toEqual(PING);
  },

  'null among the requests has an answer of its own': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    const answers = JSON.parse((await client.ask('[{"type":"PING"},null,{"type":"PING"}]')) ?? '') as {
      type: string;
    }[];
    expect(answers.map(({ type }) => type)).toEqual(['PONG', 'ERROR', 'PONG']);
  },

  'a second client is closed at once and the first is not disturbed': async (connector) => {
    await using first = await LineSocket.greet(connector.port);
    for (let i = 0; i < 20; i++) {
      await using second = await LineSocket.open(connector.port);
      second.write('VERSION\n');
      expect(await second.line()).toBeUndefined();
      expect(await first.batch({ type: 'PING' })).toEqual(PING);
    }
  },

  'silent visitors keep nobody out': async (connector) => {
    await using _one = await LineSocket.open(connector.port);
    await using _two = await LineSocket.open(connector.port);
    await using _half = await LineSocket.open(connector.port);
    _half.write('VERS');
    await expectService(connector);
  },

  'a visitor that stays silent is closed after five seconds': async (connector) => {
    await using silent = await LineSocket.open(connector.port);
    const started = performance.now();
    expect(await silent.line()).toBeUndefined();
    expect(performance.now() - started).toBeGreaterThan(4_000);
    await expectService(connector);
  },

  'a first line that takes its time is still a greeting': async (connector) => {
    await using slow = await LineSocket.open(connector.port);
    for (const letter of 'VERSION\n') {
      slow.write(letter);
      await connector.frame();
    }
    expect(await slow.line()).toBe('1');
  },

  'a client that vanishes under LOCK sets the emulator free': async (connector) => {
    {
      await using client = await LineSocket.greet(connector.port);
      expect(await client.batch({ type: 'LOCK' })).toEqual([{ type: 'LOCKED' }]);
      client.vanish();
    }
    const started = performance.now();
    await connector.frame();
    expect(performance.now() - started).toBeLessThan(1_500);
    await expectService(connector);
  },

  'a client that closes in order under LOCK sets the emulator free': async (connector) => {
    {
      await using client = await LineSocket.greet(connector.port);
      await client.batch({ type: 'LOCK' });
      client.end();
      expect(await client.line()).toBeUndefined();
    }
    await expectService(connector);
  },

  'LOCK holds the frame, for many exchanges': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    const [, first] = await client.batch({ type: 'LOCK' }, { type: 'FRAME' });
    for (let i = 0; i < 50; i++) expect((await client.batch({ type: 'FRAME' }))[0]).toEqual(first);
    await client.batch({ type: 'UNLOCK' });
    await connector.frame();
    expect((await client.batch({ type: 'FRAME' }))[0]).not.toEqual(first);
  },

  'many quick reconnects use up nothing': async (connector) => {
    for (let i = 0; i < 40; i++) {
      await using client = await LineSocket.greet(connector.port);
      expect(await client.batch({ type: 'PING' })).toEqual(PING);
      if (i % 3 === 0) client.vanish();
    }
    await expectService(connector);
  },

  'a line without end is cut off': async (connector) => {
    {
      await using client = await LineSocket.greet(connector.port);
      const piece = ' '.repeat(256 * 1024);
      for (let i = 0; i < 8; i++) client.write(piece);
      const answer = await client.line();
      // The answer is lost when the rest of the flood makes the closing a reset.
      if (answer !== undefined) expect(answer).toContain('too long');
    }
    await greetSoon(connector.port).then((client) => client[Symbol.asyncDispose]());
    await expectService(connector);
  },

  'a long but honest line is answered': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    const requests = Array.from({ length: 6_000 }, () => ({ type: 'READ', address: 256, size: 1, domain: 'EWRAM' }));
    const answers = await client.batch(...requests);
    expect(answers).toHaveLength(6_000);
    expect(answers.at(-1)).toEqual({ type: 'READ_RESPONSE', value: 'AA==' });
  },

  'a flood of lines is answered in order while the game runs on': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    const count = 2_000;
    const before = await connector.frame();
    client.write(
      Array.from({ length: count }, (_, i) => `[{"type":"MEMORY_SIZE","domain":"SRAM"},{"type":"X${i}"}]\n`).join(''),
    );
    for (let i = 0; i < count; i++) expect(await client.line()).toContain(`Unknown command: X${i}"`);
    expect(await connector.frame()).toBeGreaterThan(before);
  },

  'a client that does not read neither stops the game nor loses a byte': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    client.pause();
    const count = 120;
    const line = JSON.stringify(
      Array.from({ length: 4 }, () => ({ type: 'READ', address: 0, size: 16_384, domain: 'SRAM' })),
    );
    for (let i = 0; i < count; i++) client.write(`${line}\n`);
    const before = await connector.frame();
    expect(await connector.frame()).toBeGreaterThan(before);
    client.resume();
    for (let i = 0; i < count; i++) {
      const answers = JSON.parse((await client.line()) ?? '') as { value: string }[];
      expect(answers.map(({ value }) => value.length)).toEqual([21_848, 21_848, 21_848, 21_848]);
    }
  },

  'batches that ask for too much are refused item by item': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    const huge = { type: 'READ', address: 0, size: 2 ** 40, domain: 'ROM' };
    const answers = await client.batch(huge, readAt(0), { type: 'READ', address: 0, size: 5_000_000, domain: 'ROM' });
    expect(answers.map(({ type }) => type)).toEqual(['ERROR', 'READ_RESPONSE', 'ERROR']);
  },

  'deep nesting, odd numbers and odd fields are errors, not crashes': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    const lines = [
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      '[{"type":"READ","address":1e999,"size":1,"domain":"IWRAM"}]',
      '[{"type":"READ","address":0.5,"size":1,"domain":"IWRAM"}]',
      '[{"type":"READ","address":{},"size":1,"domain":"IWRAM"}]',
      '[{"type":"READ","address":0,"size":-1,"domain":"IWRAM"}]',
      '[{"type":"WRITE","address":0,"value":"A","domain":"IWRAM"}]',
      '[{"type":"WRITE","address":0,"value":["AA=="],"domain":"IWRAM"}]',
      '[{"type":"GUARD","address":0,"expected_data":7,"domain":"IWRAM"}]',
      '[{"type":"SET_MESSAGE_INTERVAL"}]',
      '[{"type":"SET_MESSAGE_INTERVAL","value":-1}]',
      '[{"type":"DISPLAY_MESSAGE"}]',
      '[{"type":{"a":1}}]',
      '[{"type":"__index"}]',
      '[{"type":"STRICT","value":"yes"}]',
    ];
    for (const line of lines) {
      const answer = JSON.parse((await client.ask(line)) ?? 'null') as { type: string }[];
      expect(
        answer.map(({ type }) => type),
        line.slice(0, 80),
      ).toEqual(['ERROR']);
    }
    expect(await client.batch(readAt(0))).toEqual([{ type: 'READ_RESPONSE', value: 'EQ==' }]);
  },

  'it answers while the game is paused': async (connector) => {
    await using client = await LineSocket.greet(connector.port);
    await connector.pause();
    const [first] = await client.batch({ type: 'FRAME' });
    for (let i = 0; i < 10; i++) expect((await client.batch({ type: 'FRAME' }))[0]).toEqual(first);
    await connector.resume();
    await connector.frame();
    expect((await client.batch({ type: 'FRAME' }))[0]).not.toEqual(first);
  },

  'messages survive a reconnect and drain without a client': async (connector) => {
    {
      await using client = await LineSocket.greet(connector.port);
      await client.batch(
        { type: 'SET_MESSAGE_INTERVAL', value: 0.1 },
        ...['one', 'two', 'three'].map((message) => ({ type: 'DISPLAY_MESSAGE', message })),
      );
    }
    await expect
      .poll(() => connector.messages.map(({ text }) => text), { timeout: 5_000 })
      .toEqual(['one', 'two', 'three']);
  },
};

/** Declares one test per way in which a peer can misbehave. */
export const itWithstandsHostilePeers = (open: OpenConnector): void => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    it(name, async () => {
      await using connector = await open();
      await scenario(connector);
    });
  }
};
