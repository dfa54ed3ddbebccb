import { parseServerAddress } from '@causeway/protocol/archipelago';
import { describe, expect, it } from 'vitest';
import { askWhereabouts, linkedRoomPage, parseRoomPage, wakeRoom } from './room-page.js';

const { signal } = new AbortController();
const page = parseRoomPage('https://host.example/room/abc-_9');
const NOW = Date.parse('2026-05-01T12:00:00Z');

const answering = (body: unknown, init: ResponseInit = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return () => Promise.resolve(new Response(text, init));
};
const ask = (body: unknown, init?: ResponseInit) => askWhereabouts(page, answering(body, init), NOW, signal);
const minutesAgo = (minutes: number) => new Date(NOW - 60_000 * minutes).toUTCString();

describe('a room page', () => {
  it.each([
    ['https://host.example/room/AbC', 'https://host.example/api/room_status/AbC'],
    ['http://127.0.0.1:8080/room/AbC/', 'http://127.0.0.1:8080/api/room_status/AbC'],
    ['https://host.example/sub/room/AbC?x=1#y', 'https://host.example/sub/api/room_status/AbC'],
  ])('%s has its status at %s', (given, statusUrl) => {
    expect(parseRoomPage(given).statusUrl).toBe(statusUrl);
  });

  it.each(['', 'host.example/room/a', 'ftp://host.example/room/a', 'https://host.example/', 'https://h/room/a%2Fb'])(
    '%j is none',
    (given) => {
      expect(() => parseRoomPage(given)).toThrow(expect.objectContaining({ code: 'server_address_invalid' }));
    },
  );

  it.each([
    ['archipelago://Ana:None@rooms.example:50000?game=G&room=AbC', undefined, 'https://rooms.example/room/AbC'],
    ['archipelago://Ana:None@10.0.0.1:50000?game=G&room=AbC', undefined, undefined],
    ['archipelago://Ana@10.0.0.1:50000?room=AbC', 'http://10.0.0.1/', 'http://10.0.0.1/room/AbC'],
    [
      'archipelago://Ana@a.example:5?room=https%3A%2F%2Fb.example%2Froom%2FAbC',
      undefined,
      'https://b.example/room/AbC',
    ],
    ['archipelago://Ana@rooms.example:50000', 'https://rooms.example', undefined],
  ])('of the link %s with web host %s is %s', (link, webHost, url) => {
    expect(linkedRoomPage(parseServerAddress(link), webHost)?.url).toBe(url);
  });
});

describe('where a room is', () => {
  it.each([
    ['running', { last_port: 50_000, last_activity: minutesAgo(5), timeout: 7200 }, { port: 50_000, asleep: false }],
    ['idle for too long', { last_port: 50_000, last_activity: minutesAgo(121) }, { port: 50_000, asleep: true }],
    ['never started', { last_port: 0, last_activity: minutesAgo(1) }, { port: 0, asleep: true }],
    ['failed', { last_port: -1, last_activity: minutesAgo(1) }, { port: -1, asleep: true }],
    ['of unknown activity', { last_port: 1, last_activity: 'yesterday', timeout: 'x' }, { port: 1, asleep: false }],
  ])('%s', async (_, status, expected) => {
    expect(await ask(status)).toEqual(expected);
  });

  it('goes by the clock of the web host, not by ours', async () => {
    const late = { headers: { date: new Date(NOW + 3 * 3_600_000).toUTCString() } };
    expect(await ask({ last_port: 5, last_activity: minutesAgo(5) }, late)).toMatchObject({ asleep: true });
  });

  it.each([
    ['no such room', [{ error: 'x' }, { status: 404 }]],
    ['an error page', ['<html>', {}]],
    ['no port', [{ last_activity: minutesAgo(1) }, {}]],
    ['an impossible port', [{ last_port: 70_000 }, {}]],
    ['another kind of value', [[1], {}]],
    ['far too much', ['x'.repeat(2_000_000), {}]],
  ] as const)('is unknown with %s', async (_, [body, init]) => {
    await expect(ask(body, init)).rejects.toThrow();
  });

  it('is changed by opening its page', async () => {
    const asked: string[] = [];
    const fetch = (url: string) => {
      asked.push(url);
      return Promise.resolve(new Response('<html>'));
    };
    await wakeRoom(page, fetch, signal);
    expect(asked).toEqual(['https://host.example/room/abc-_9']);
    await expect(wakeRoom(page, answering('', { status: 500 }), signal)).rejects.toThrow('500');
  });
});
