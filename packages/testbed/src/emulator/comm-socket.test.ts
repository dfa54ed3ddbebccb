import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Emulator } from './emulator-options.js';
import { runLua } from './test-support/run-lua.js';

let cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  cleanups = [];
});

/** A bridge that listens for the emulator: `answer` gets each frame's payload and the socket. */
const bridge = async (answer: (text: string, socket: Socket) => void): Promise<number> => {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        const [, length] = /^(\d+) /.exec(text) ?? [];
        if (length === undefined || text.length < length.length + 1 + Number(length)) return;
        const payload = text.slice(length.length + 1, length.length + 1 + Number(length));
        text = text.slice(length.length + 1 + Number(length));
        answer(payload, socket);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as { port: number }).port;
};

const run = async (port: number, source: string) => {
  const result = await runLua(source, { transport: { kind: 'comm', host: '127.0.0.1', port } });
  cleanups.push(() => result.emulator.close());
  return result;
};

const untilLines = async ({ emulator, lines }: { emulator: Emulator; lines: string[] }, count: number) => {
  for (let frame = 0; lines.length < count && frame < 1000; frame++) await emulator.stepFrames(1);
  return lines;
};

describe("the emulator's own outgoing socket", () => {
  it('sends and receives frames with their length in front', async () => {
    const port = await bridge((text, socket) => socket.write(`${text.length + 5} echo ${text}`));
    const result = await run(
      port,
      `print(comm.socketServerIsConnected(), comm.socketServerGetInfo() == '127.0.0.1:${port}')
       print(comm.socketServerSend('hello'), comm.socketServerSuccessful(), comm.socketServerResponse())
       print(comm.socketServerSendBytes({ 0x31, 0x20, 0x41 }), comm.socketServerResponse())`,
    );
    expect(await untilLines(result, 3)).toEqual(['true\ttrue', '7\ttrue\techo hello', '3\techo A']);
  });

  it('gives an empty answer after its time, on a reset, and in the middle of a payload', async () => {
    const port = await bridge((text, socket) => {
      if (text === 'reset') socket.resetAndDestroy();
      if (text === 'half') socket.end('100 abc');
    });
    const result = await run(
      port,
      `comm.socketServerSetTimeout(5)
       comm.socketServerSend('nothing')
       print('[' .. comm.socketServerResponse() .. ']')
       comm.socketServerSetPort(${port})
       comm.socketServerSend('half')
       print('[' .. comm.socketServerResponse() .. ']')
       comm.socketServerSetPort(${port})
       comm.socketServerSend('reset')
       print('[' .. comm.socketServerResponse() .. ']')
       print(comm.socketServerIsConnected(), comm.socketServerSend('x'))`,
    );
    expect(await untilLines(result, 4)).toEqual(['[]', '[]', '[]', 'true\t-1']);
  });

  it('hangs for good when the bridge closes in order while it waits, as EmuHawk does', async () => {
    const port = await bridge((_, socket) => socket.end());
    const result = await run(
      port,
      `comm.socketServerSetTimeout(20000)
       comm.socketServerSend('bye')
       emu.frameadvance()
       print(comm.socketServerResponse())`,
    );
    const step = result.emulator.stepFrames(1);
    while (!result.emulator.frozen) await new Promise((turn) => setImmediate(turn));
    expect([result.emulator.blocked, result.emulator.frame]).toEqual([true, 0]);
    await result.emulator.close();
    await step;
    expect(result.lines.filter((line) => !line.startsWith('!'))).toEqual([]);
  });

  it('tells when nobody listens', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as { port: number };
    gone.close();
    const result = await run(
      port,
      `print(comm.socketServerIsConnected(), comm.socketServerSend('x'), comm.socketServerResponse())
       print(pcall(comm.socketServerSetPort, ${port}))`,
    );
    const lines = await untilLines(result, 2);
    expect(lines[0]).toBe('false\t-1\t');
    expect(lines[1]).toMatch(/^false\t.*refused/);
  });

  it('is not there without an address', async () => {
    const result = await runLua(
      `print(comm.socketServerSend('x'), comm.socketServerIsConnected(), comm.socketServerResponse())`,
    );
    expect(result.lines).toEqual(['-1\tfalse\t']);
    await result.emulator.close();
  });
});
