import { expect, test } from 'vitest';
import type { ByteSocketHandlers } from './byte-socket.js';
import { NwaConnection } from './nwa-connection.js';

test('an answer counts, whether or not nonsense came in one piece with it', async () => {
  const peers: ByteSocketHandlers[] = [];
  const connection = new NwaConnection({ host: '127.0.0.1', port: 1 }, (_endpoint, handlers) => {
    peers.push(handlers);
    return { send: () => {}, end: () => {}, destroy: () => {} };
  });
  for (const peer of peers) peer.open();
  const answered = connection.ask({ name: 'CORE_RESET', args: [] });
  const unanswered = expect(connection.ask({ name: 'EMULATION_STATUS', args: [] })).rejects.toMatchObject({
    code: 'protocol_malformed',
  });
  for (const peer of peers) peer.bytes(new TextEncoder().encode('\n\nHTTP/1.1 400 Bad Request'));
  expect(await answered).toEqual({ kind: 'text', items: [] });
  await unanswered;
  expect(await connection.closed).toMatchObject({ reason: 'protocol' });
});
