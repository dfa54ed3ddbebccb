import { describe, expect, it } from 'vitest';
import { formatGdbUri, type GdbEndpoint, parseGdbUri } from './gdb-endpoint.js';

const endpoints: readonly GdbEndpoint[] = [
  { kind: 'socket', path: '/run/user/1000/causeway/gdb' },
  { kind: 'socket', path: '/tmp/a b%#ü?/gdb' },
  { kind: 'tcp', host: '127.0.0.1', port: 2159 },
  { kind: 'tcp', host: '::1', port: 1 },
];

describe('addresses of debugger connections', () => {
  it.each(endpoints)('are read as they were written: %o', (endpoint) => {
    expect(parseGdbUri(new URL(formatGdbUri(endpoint)))).toEqual(endpoint);
  });

  it.each(['dolphin://pid/1234', 'dolphin://game/GZLE01', 'dolphin://socket', 'bizhawk://127.0.0.1:43055'])(
    'are not %s',
    (uri) => {
      expect(parseGdbUri(new URL(uri))).toBeUndefined();
    },
  );

  it.each([
    ['another machine', 'dolphin://tcp/192.168.1.2:2159'],
    ['a name that only begins like us', 'dolphin://tcp/127.0.0.1.example.org:2159'],
    ['no port', 'dolphin://tcp/127.0.0.1'],
    ['a path that is encoded wrongly', 'dolphin://socket/tmp/100%'],
    ['port 0', 'dolphin://tcp/127.0.0.1:0'],
    ['a port too large', 'dolphin://tcp/127.0.0.1:65536'],
  ])('refuse %s', (_, uri) => {
    expect(() => parseGdbUri(new URL(uri))).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
