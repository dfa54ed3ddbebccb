import { once } from 'node:events';
import { connect } from 'node:net';
import { type MultiworldServer, readRoom, startServer } from '@causeway/testbed/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RecordedUpgrade, readUpgrades, roomText } from './recording.js';

/** The key all recorded handshakes were made with: the example of RFC 6455, which the recorded accept value answers. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** Headers whose value is the server program's own. */
const OWN_WORDS = new Set(['Server', 'Content-Length']);

const requestText = ({ offer, path, extra, version, method }: RecordedUpgrade): string =>
  [
    `${method ?? 'GET'} ${path ?? '/'} HTTP/1.1`,
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${KEY}`,
    `Sec-WebSocket-Version: ${version ?? '13'}`,
    ...(offer === null ? [] : [`Sec-WebSocket-Extensions: ${offer}`]),
    ...(extra === undefined ? [] : [extra.trim()]),
    '',
    '',
  ].join('\r\n');

const handshake = async (server: MultiworldServer, upgrade: RecordedUpgrade) => {
  const socket = connect(server.port, server.host);
  await once(socket, 'connect');
  socket.write(requestText(upgrade));
  let answer = '';
  while (!answer.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    answer += chunk.toString('latin1');
  }
  socket.destroy();
  const [status, ...lines] = answer.slice(0, answer.indexOf('\r\n\r\n')).split('\r\n');
  const headers = new Map(lines.map((line) => line.split(': ', 2) as [string, string]));
  return { status, headers };
};

describe('the recorded opening handshakes', () => {
  let server: MultiworldServer;
  beforeAll(async () => {
    server = await startServer({ room: readRoom(roomText('trio')) });
  });
  afterAll(async () => {
    await server.stop();
  });

  const upgrades = readUpgrades();
  it('are all there', () => expect(upgrades).toHaveLength(15));

  for (const upgrade of upgrades) {
    it(`${upgrade.case}: ${upgrade.offer ?? 'no offer'}`, async () => {
      const { status, headers } = await handshake(server, upgrade);
      expect(status).toBe(upgrade.status);
      for (const [name, value] of Object.entries(upgrade.headers)) {
        if (!OWN_WORDS.has(name)) expect(headers.get(name), name).toBe(value);
      }
      for (const name of ['Sec-WebSocket-Extensions', 'Sec-WebSocket-Protocol']) {
        expect(headers.get(name), name).toBe(upgrade.headers[name]);
      }
    });
  }
});
