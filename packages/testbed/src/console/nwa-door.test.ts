import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  coreRead,
  coreWrite,
  encodeNwaCommand,
  type NwaCommand,
  type NwaReply,
  NwaReplyDecoder,
  type NwaSignal,
} from '@causeway/protocol/nwa';
import { describe, expect, it } from 'vitest';
import type { ConsoleOptions, RunningConsole } from './console-options.js';
import { startConsole } from './start-console.js';

class NwaClient implements AsyncDisposable {
  readonly socket: Socket;
  readonly #decoder = new NwaReplyDecoder();
  readonly #replies: (NwaReply | NwaSignal)[] = [];

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk) => this.#replies.push(...this.#decoder.push(chunk)));
    this.socket.on('error', () => {});
  }

  async ask(command: NwaCommand): Promise<NwaReply | NwaSignal | undefined> {
    this.socket.write(encodeNwaCommand(command));
    while (this.#replies.length === 0) await once(this.socket, 'data');
    return this.#replies.shift();
  }

  async items(name: string, ...args: readonly string[]): Promise<readonly Record<string, string>[]> {
    const reply = await this.ask({ name, args });
    return reply?.kind === 'text' ? reply.items.map((item) => Object.fromEntries(item)) : [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.destroyed) return;
    this.socket.destroy();
    await once(this.socket, 'close');
  }
}

const withDoor = async (
  options: ConsoleOptions,
  use: (client: NwaClient, running: RunningConsole) => Promise<void>,
): Promise<void> => {
  await using running = await startConsole({ nwa: 0, fps: 2000, name: 'Marshlight', ...options });
  await using client = new NwaClient(running.ports.nwa ?? 0);
  await use(client, running);
};

const binary = (...bytes: readonly number[]) => ({ kind: 'binary', data: Uint8Array.from(bytes) });

describe('Emulator NetworkAccess', () => {
  it('says what it is, what it runs and what memory there is', () =>
    withDoor({}, async (client, { console }) => {
      const [info] = await client.items('EMULATOR_INFO');
      expect(info?.['commands']).toContain('bCORE_WRITE');
      expect(await client.items('MY_NAME_IS', 'me')).toEqual([{ name: 'me' }]);
      expect(await client.items('EMULATION_STATUS')).toEqual([{ state: 'running', game: 'Marshlight' }]);
      expect(await client.items('CORE_CURRENT_INFO')).toMatchObject([{ platform: 'SNES' }]);
      expect(await client.items('CORE_MEMORIES')).toEqual([
        { name: 'CARTROM', access: 'rw', size: '131072' },
        { name: 'SRAM', access: 'rw', size: '8192' },
        { name: 'WRAM', access: 'rw', size: '131072' },
      ]);
      expect(await client.ask({ name: 'EMULATION_PAUSE', args: [] })).toEqual({ kind: 'text', items: [] });
      expect(await client.items('EMULATION_STATUS')).toMatchObject([{ state: 'paused' }]);
      console.insert(undefined);
      expect(await client.items('EMULATION_STATUS')).toEqual([{ state: 'no_game' }]);
      expect(await client.ask({ name: 'GAME_INFO', args: [] })).toMatchObject({ error: 'command_error' });
      expect(await client.ask({ name: 'FLY', args: [] })).toMatchObject({ error: 'invalid_command' });
    }));

  it('reads and writes ranges, short at the end of a memory', () =>
    withDoor({}, async (client, { console }) => {
      const ranges = [
        { offset: 0x100, size: 2 },
        { offset: 0x1ffff, size: 1 },
      ];
      expect(await client.ask(coreWrite('WRAM', ranges, Uint8Array.of(1, 2, 3)))).toEqual({ kind: 'text', items: [] });
      expect(await client.ask(coreRead('WRAM', ranges))).toEqual(binary(1, 2, 3));
      expect(await client.ask({ name: 'CORE_READ', args: ['WRAM', '$1ffff', '16'] })).toEqual(binary(3));
      expect(await client.ask({ name: 'CORE_READ', args: ['VRAM'] })).toMatchObject({ error: 'invalid_argument' });
      const wrong = { name: 'CORE_WRITE', args: ['WRAM', '0', '2'], block: Uint8Array.of(9) };
      expect(await client.ask(wrong)).toMatchObject({ error: 'invalid_argument' });
      expect(console.memory.wram[0]).toBe(0);
    }));

  it('hangs up on what is no command, and on the sixth client', () =>
    withDoor({}, async (client, { ports }) => {
      client.socket.write('no command\n');
      await once(client.socket, 'close');
      const clients = Array.from({ length: 5 }, () => new NwaClient(ports.nwa ?? 0));
      for (const each of clients) await each.items('MY_NAME_IS', 'me');
      await using sixth = new NwaClient(ports.nwa ?? 0);
      await once(sixth.socket, 'close');
      for (const each of clients) await each[Symbol.asyncDispose]();
    }));
});

describe('faults of NWA emulators', () => {
  const many = async (client: NwaClient): Promise<readonly (NwaReply | NwaSignal | undefined)[]> => {
    const replies = [];
    for (let count = 0; count < 200; count++)
      replies.push(await client.ask(coreRead('WRAM', [{ offset: 0, size: 8 }])));
    return replies;
  };

  it('cut the last range short now and then', () =>
    withDoor({ faults: ['nwa-short-reads'], fps: 'max' }, async (client) => {
      const sizes = (await many(client)).map((reply) => (reply?.kind === 'binary' ? reply.data.length : -1));
      expect(new Set(sizes)).toEqual(new Set([8, 4]));
    }));

  it('answer an error where data was due now and then', () =>
    withDoor({ faults: ['nwa-error-text'], fps: 'max' }, async (client) => {
      expect(new Set((await many(client)).map((reply) => reply?.kind))).toEqual(new Set(['binary', 'error']));
    }));

  it('answer the first range only, as long as that is switched on', () =>
    withDoor({}, async (client, { faults }) => {
      const ranges = [0, 1, 2].map((offset) => ({ offset: 0x1010 + offset * 4, size: 2 }));
      const sizeNow = async (): Promise<number> => {
        const reply = await client.ask(coreRead('WRAM', ranges));
        return reply?.kind === 'binary' ? reply.data.length : -1;
      };
      expect(await sizeNow()).toBe(6);
      faults.set('nwa-first-range-only', true);
      expect([await sizeNow(), faults.on]).toEqual([2, ['nwa-first-range-only']]);
      faults.set('nwa-first-range-only', false);
      expect(await sizeNow()).toBe(6);
    }));
});
