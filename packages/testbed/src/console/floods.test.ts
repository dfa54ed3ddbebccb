import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import {
  AddressSpace,
  MemoryMapping,
  type MultiReadMemoryResponse,
  SNI_SERVICES,
  type SniMethod,
} from '@causeway/protocol/sni';
import { Client, credentials, status } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ConsoleOptions, RunningConsole } from './console-options.js';
import { startConsole } from './start-console.js';
import { DatagramClient } from './test-support/datagram-client.js';

const MIB = 2 ** 20;
const RA = 'ra://127.0.0.1:55355';
const WORK_RAM = {
  requestAddress: 0xf5_0000,
  requestAddressSpace: AddressSpace.FxPakPro,
  requestMemoryMapping: MemoryMapping.LoROM,
};

const started = (options: ConsoleOptions): Promise<RunningConsole> => startConsole({ fps: 'manual', ...options });

/** Memory that the process holds on to while `flood` runs, beyond what it held before. */
const heldDuring = async (flood: () => Promise<void>): Promise<number> => {
  const held = (): number => process.memoryUsage().arrayBuffers;
  const before = held();
  await flood();
  return held() - before;
};

/** Frames with all the time that sockets need between them. */
const frames = async (running: RunningConsole, count: number): Promise<void> => {
  for (let frame = 0; frame < count; frame++) await running.step(1);
};

describe('clients that ask without end and never read', () => {
  it('NWA: what they ask stays with them', async () => {
    await using running = await started({ nwa: 0 });
    const socket = connect({ port: running.ports.nwa ?? 0, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    socket.pause();
    const grown = await heldDuring(async () => {
      for (let round = 0; round < 20; round++) {
        socket.write('CORE_READ WRAM\n'.repeat(1000));
        await frames(running, 20);
      }
    });
    expect(grown).toBeLessThan(32 * MIB);
    // And nobody else waits for them.
    const other = connect(running.ports.nwa ?? 0, '127.0.0.1');
    other.write('MY_NAME_IS me\n');
    const answered = once(other, 'data');
    await frames(running, 20);
    expect(String(await answered)).toContain('me');
    for (const each of [socket, other]) each.destroy();
  });

  it('usb2snes: what they ask stays with them', async () => {
    await using running = await started({ usb2snes: 0 });
    const socket = new WebSocket(`ws://127.0.0.1:${running.ports.usb2snes}`);
    await once(socket, 'open');
    const request = (Opcode: string, ...Operands: string[]) => JSON.stringify({ Opcode, Space: 'SNES', Operands });
    socket.send(request('Attach', RA));
    socket.pause();
    const grown = await heldDuring(async () => {
      for (let count = 0; count < 400; count++) {
        socket.send(request('GetAddress', 'f50000', '20000'));
        await frames(running, 2);
      }
    });
    expect(grown).toBeLessThan(32 * MIB);
    socket.terminate();
  });

  it('gRPC: what they ask in a stream stays with them', async () => {
    await using running = await started({ grpc: 0 });
    const client = new Client(`127.0.0.1:${running.ports.grpc}`, credentials.createInsecure());
    const { path, encodeRequest } = SNI_SERVICES.DeviceMemory.StreamRead as unknown as SniMethod;
    const stream = client.makeBidiStreamRequest(
      path,
      (request: Buffer) => request,
      (bytes: Buffer) => bytes.length,
    );
    stream.on('error', () => {});
    const request = Buffer.from(encodeRequest({ uri: RA, requests: [{ ...WORK_RAM, size: 0x2_0000 }] } as never));
    const looks = vi.spyOn(running.console, 'atPoll');
    for (let count = 0; count < 400; count++) {
      stream.write(request);
      await frames(running, 2);
    }
    // What fits into buffers and windows on the way, and not one more.
    expect(looks.mock.calls.length).toBeLessThan(200);
    // It is all there for whoever reads it.
    let read = 0;
    stream.on('data', () => read++);
    stream.end();
    while (read < 400) await running.step(1);
    client.close();
  });

  it('usb2snes: nor do they send without end what has to wait', async () => {
    await using running = await started({ usb2snes: 0 });
    const socket = new WebSocket(`ws://127.0.0.1:${running.ports.usb2snes}`);
    await once(socket, 'open');
    socket.send(JSON.stringify({ Opcode: 'Attach', Space: 'SNES', Operands: [RA] }));
    // Waits for a frame that does not come.
    socket.send(JSON.stringify({ Opcode: 'Info', Space: 'SNES' }));
    const piece = new Uint8Array(MIB / 2);
    for (let count = 0; count < 64; count++) socket.send(piece);
    for (let turns = 0; turns < 200; turns++) await turn();
    expect(socket.bufferedAmount).toBeGreaterThan(16 * MIB);
    // All of it is taken in the end: memory is asked behind it, and answered.
    const answered = once(socket, 'message');
    await frames(running, 400);
    await answered;
    await vi.waitUntil(() => socket.bufferedAmount === 0);
    socket.terminate();
  });
});

describe('requests for more than anybody needs', () => {
  it('usb2snes: end the connection', async () => {
    await using running = await started({ usb2snes: 0 });
    const socket = new WebSocket(`ws://127.0.0.1:${running.ports.usb2snes}`);
    await once(socket, 'open');
    socket.send(JSON.stringify({ Opcode: 'Attach', Space: 'SNES', Operands: [RA] }));
    const Operands = Array.from({ length: 4000 }, () => ['f50000', '20000']).flat();
    socket.send(JSON.stringify({ Opcode: 'GetAddress', Space: 'SNES', Operands }));
    const closed = once(socket, 'close');
    await running.step(1);
    await closed;
  });

  it('gRPC: are refused', async () => {
    await using running = await startConsole({ grpc: 0, fps: 2000 });
    const client = new Client(`127.0.0.1:${running.ports.grpc}`, credentials.createInsecure());
    const { path, encodeRequest } = SNI_SERVICES.DeviceMemory.MultiRead as unknown as SniMethod;
    const range = { ...WORK_RAM, size: 0x2_0000 };
    const failure = await new Promise<unknown>((resolve) => {
      const requests = Array.from({ length: 4000 }, () => range);
      client.makeUnaryRequest(
        path,
        () => Buffer.from(encodeRequest({ uri: RA, requests } as never)),
        (bytes: Buffer) => bytes as unknown as MultiReadMemoryResponse,
        {},
        (error) => resolve(error),
      );
    });
    expect(failure).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: '524288000 bytes are too many' });
    client.close();
  });

  it('RetroArch: are dropped, as by a full socket', async () => {
    await using running = await started({ retroarch: 0 });
    await using client = await DatagramClient.to(running.ports.retroarch ?? 0);
    for (let count = 0; count < 500; count++) {
      await client.send('x');
      await turn();
    }
    // Finds no room.
    await client.send('VERSION');
    for (let turns = 0; turns < 10; turns++) await turn();
    await running.step(10);
    await client.send('GET_STATUS');
    while (client.received.length === 0) await running.step(1);
    expect(client.received).toEqual([expect.stringMatching(/^GET_STATUS PLAYING/)]);
  });
});

describe('an error of the protocol', () => {
  it('NWA: is told after the answers to what came before it', async () => {
    await using running = await started({ nwa: 0 });
    const socket = connect(running.ports.nwa ?? 0, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    const closed = once(socket, 'close');
    socket.write('MY_NAME_IS me\nno command\nMY_NAME_IS other\n');
    while (chunks.length === 0) await running.step(1);
    await running.step(5);
    await closed;
    const text = Buffer.concat(chunks).toString();
    expect(text).toMatch(/^\nname:me\n\n\nerror:protocol_error\nreason:.+\n\n$/);
  });

  it('usb2snes: ends what was asked behind it', async () => {
    await using running = await started({ usb2snes: 0 });
    const socket = new WebSocket(`ws://127.0.0.1:${running.ports.usb2snes}`);
    await once(socket, 'open');
    const send = (Opcode: string, ...Operands: string[]) =>
      socket.send(JSON.stringify({ Opcode, Space: 'SNES', Operands }));
    send('Attach', RA);
    const { wram } = running.console.memory;
    // Does not answer the server's close frame.
    socket.pause();
    send('GetAddress', 'f70000', '1');
    await frames(running, 50);
    send('PutAddress', 'f58000', '1');
    socket.send(Uint8Array.of(7));
    await frames(running, 50);
    expect(wram[0x8000]).toBe(0);
    socket.terminate();
  });
});
