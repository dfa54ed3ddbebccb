import { describe, expect, it } from 'vitest';
import { settled } from '../testing/virtual-clock.js';
import type { MultiworldOptions } from './options.js';
import { ClientHarness } from './testing/client-harness.js';

/** The web host of a room. */
class WebHost {
  readonly asked: string[] = [];
  port = 38_281;
  asleep = false;
  /** Answers nothing at all. */
  mute = false;
  /** What happens when somebody opens the page. */
  woken: () => void = () => {};
  #now: () => number = () => 0;

  readonly fetch = async (url: string, { signal }: RequestInit): Promise<Response> => {
    const { pathname } = new URL(url);
    this.asked.push(pathname);
    if (this.mute) await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    if (pathname === '/room/AbC') {
      this.asleep = false;
      this.woken();
      return new Response('<html>');
    }
    const activity = new Date(this.#now() - (this.asleep ? 3 : 0) * 3_600_000).toUTCString();
    return Response.json({ last_port: this.port, last_activity: activity, timeout: 7_200 });
  };

  harness(options: Partial<MultiworldOptions> = {}): ClientHarness {
    const harness = new ClientHarness({ roomPage: 'https://host.example/room/AbC', fetch: this.fetch, ...options });
    this.#now = () => harness.clock.now();
    return harness;
  }
}

/** Lets answers of the web host be read to their end. */
const read = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await settled();
};

describe('a room that moved', () => {
  it('is followed to its new port at once', async () => {
    const host = new WebHost();
    const harness = host.harness();
    await harness.join();
    host.port = 40_000;
    harness.socket.end({ code: 1001 });
    await read();
    expect(harness.last('moved')).toEqual({ kind: 'moved', address: 'localhost:40000' });
    expect(harness.socket.url).toBe('ws://localhost:40000/');
    await harness.join();
    expect(harness.client.status).toBe('joined');
    expect(host.asked).toEqual(['/api/room_status/AbC']);
  });

  it('is followed when another room has got its port', async () => {
    const host = new WebHost();
    const harness = host.harness();
    await harness.join();
    harness.socket.end();
    await read();
    await harness.clock.advance(30_000);
    host.port = 40_000;
    await harness.greet({ seed_name: 'another' });
    await read();
    expect(harness.socket.url).toBe('ws://localhost:40000/');
    expect(harness.kinds()).not.toContain('refused');
  });

  it('is refused when the page says that the other seed is the right room', async () => {
    const harness = new WebHost().harness({ expectSeed: 'mine' });
    await harness.greet();
    await read();
    expect(harness.last('refused')?.error.code).toBe('server_seed_mismatch');
    await harness.clock.advance(600_000);
    expect(harness.network.sockets).toHaveLength(1);
  });

  it('is left alone while we are let in where we were', async () => {
    const host = new WebHost();
    const harness = host.harness();
    await harness.join();
    host.mute = true;
    harness.socket.end();
    await harness.clock.advance(1_000);
    await harness.join();
    host.port = 40_000;
    await harness.clock.advance(20_000);
    expect(harness.kinds()).not.toContain('moved');
    expect(harness.client.status).toBe('joined');
  });

  it('takes what worked there before as the way to speak', async () => {
    const host = new WebHost();
    const schemes = new Map([['localhost:38281', 'wss' as const]]);
    const harness = host.harness({ schemes });
    await settled();
    host.port = 40_000;
    harness.socket.end({ problem: 'ECONNREFUSED' });
    await read();
    expect(harness.socket.url).toBe('wss://localhost:40000/');
  });
});

describe('a room that sleeps', () => {
  it('is woken and followed', async () => {
    const host = new WebHost();
    host.asleep = true;
    host.woken = () => {
      host.port = 0;
    };
    const harness = host.harness();
    await settled();
    harness.socket.end({ problem: 'ECONNREFUSED' });
    await read();
    await harness.clock.advance(4_500);
    host.port = 41_000;
    await harness.clock.advance(2_000);
    await read();
    expect(host.asked.slice(0, 2)).toEqual(['/api/room_status/AbC', '/room/AbC']);
    expect(harness.last('moved')?.address).toBe('localhost:41000');
  });

  it('is not believed to be at its old port right after waking', async () => {
    const host = new WebHost();
    host.asleep = true;
    const harness = host.harness();
    await settled();
    harness.socket.end({ problem: 'ECONNREFUSED' });
    await read();
    await harness.clock.advance(2_000);
    await read();
    host.port = 41_000;
    await harness.clock.advance(2_000);
    await read();
    expect(harness.last('moved')?.address).toBe('localhost:41000');
  });

  it('is left asleep by a program nobody plays with', async () => {
    const host = new WebHost();
    const harness = host.harness();
    await harness.join();
    host.asleep = true;
    harness.socket.end({ code: 1001 });
    await read();
    expect(host.asked).toEqual(['/api/room_status/AbC']);
    harness.client.check([100]);
    await harness.clock.advance(60_000);
    for (const socket of harness.network.sockets) socket.end({ problem: 'ECONNREFUSED' });
    await read();
    expect(host.asked).toContain('/room/AbC');
  });
});

describe('the page of a room', () => {
  it('is asked politely, however often the room is lost', async () => {
    const host = new WebHost();
    const harness = host.harness();
    await settled();
    const started = harness.clock.now();
    while (harness.clock.now() - started < 3_600_000) {
      harness.socket.end({ problem: 'ECONNREFUSED' });
      await read();
      await harness.clock.advance(36_000);
    }
    expect(host.asked.length).toBeGreaterThan(5);
    expect(host.asked.length).toBeLessThan(20);
  });

  it('is asked sooner when a person wants in', async () => {
    const host = new WebHost();
    const harness = host.harness();
    await settled();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      harness.socket.end({ problem: 'ECONNREFUSED' });
      await read();
      await harness.clock.advance(900);
      harness.client.reconnect();
    }
    expect(host.asked).toHaveLength(1);
    await harness.clock.advance(4_000);
    harness.socket.end({ problem: 'ECONNREFUSED' });
    await read();
    expect(host.asked).toHaveLength(2);
  });

  it('that does not answer changes nothing', async () => {
    const host = new WebHost();
    host.mute = true;
    const harness = host.harness();
    await settled();
    harness.socket.end({ problem: 'ECONNREFUSED' });
    await harness.clock.advance(10_500);
    expect(harness.network.sockets).toHaveLength(2);
    expect(harness.kinds()).toEqual(['lost']);
    expect(harness.logged.join()).toContain('multiworld.room_page_silent');
  });

  it('is asked no more once the multiworld is closed', async () => {
    const host = new WebHost();
    host.mute = true;
    const harness = host.harness();
    await settled();
    harness.socket.end({ problem: 'ECONNREFUSED' });
    await settled();
    await harness.client.close();
    await read();
    expect(harness.clock.pending).toBe(0);
    expect(host.asked).toHaveLength(1);
  });
});
