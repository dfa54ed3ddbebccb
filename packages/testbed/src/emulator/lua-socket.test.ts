import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Emulator } from './emulator-options.js';
import { LineClient } from './test-support/line-client.js';
import { linesOf, runLua } from './test-support/run-lua.js';

const LISTEN = `
  local socket = require('socket')
  local server = assert(socket.bind('127.0.0.1', 43055))
  server:settimeout(0)
  local client
  while not client do
    client = server:accept()
    if not client then emu.frameadvance() end
  end
  client:settimeout(0)
`;

const dial = async (emulator: Emulator): Promise<Socket> => {
  const socket = connect(await emulator.ready, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

/** Advances frame by frame until the script printed so many lines. */
const untilLines = async ({ emulator, lines }: { emulator: Emulator; lines: string[] }, count: number) => {
  for (let frame = 0; lines.length < count && frame < 2000; frame++) await emulator.stepFrames(1);
  return lines;
};

describe('listening', () => {
  it('takes a free port with `port: 0`, whatever the script asks for', async () => {
    const { emulator, lines } = await runLua(
      `local s = require('socket.core').tcp()
       print(s:bind('127.0.0.1', 43055), s:listen(0), select(2, s:getsockname()) == tonumber(os.getenv('CAUSEWAY_PORT')), s)`,
      { port: 0 },
    );
    expect(await emulator.ready).toBe(emulator.port);
    expect(lines[0]).toMatch(/^1\t1\ttrue\ttcp\{server\}/);
    await emulator.close();
    expect(emulator.port).toBeUndefined();
  });

  it('says when a port is taken, and lets the script try another with the same object', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const lines = await linesOf(`
      local s = require('socket').tcp()
      print(s:bind('127.0.0.1', ${port}))
      print(s:bind('127.0.0.1', 0))
      print(s:close(), s:accept())
    `);
    other.close();
    expect(lines).toEqual(['nil\taddress already in use', '1', '1\tnil\tclosed']);
  });

  it('accepts without waiting, and frees the port on close', async () => {
    const source = `
      local socket = require('socket')
      local server = assert(socket.bind('localhost', 0))
      local _, port = server:getsockname()
      server:settimeout(0)
      print(server:accept())
      server:close()
      local again = assert(socket.bind('127.0.0.1', port))
      print(select(2, again:getsockname()) == port)
    `;
    expect(await linesOf(source)).toEqual(['nil\ttimeout', 'true']);
  });
});

describe('receiving', () => {
  it('gives whole lines, and what there is of one with its prefix', async () => {
    const run = await runLua(
      `${LISTEN}
      local rest
      while true do
        local line, err, partial = client:receive('*l', rest)
        if line then print('line', line) rest = nil
        else
          if partial ~= (rest or '') then print(err, partial) end
          rest = partial
          if err == 'closed' then print(err) break end
        end
        emu.frameadvance()
      end`,
      { port: 0 },
    );
    const socket = await dial(run.emulator);
    socket.write('one\r\ntw');
    await untilLines(run, 2);
    socket.write('o\nthr');
    await untilLines(run, 4);
    socket.end('ee');
    await untilLines(run, 6);
    expect(run.lines.slice(0, 4)).toEqual(['line\tone', 'timeout\ttw', 'line\ttwo', 'timeout\tthr']);
    // The end of the stream may arrive a frame after the last bytes.
    expect(run.lines[4]).toMatch(/^(timeout|closed)\tthree$/);
    expect(run.lines[5]).toBe('closed');
    await run.emulator.close();
  });

  it('gives counted bytes, all until the end, and keeps every byte as it is', async () => {
    const run = await runLua(
      `${LISTEN}
      client:settimeout(nil)
      print(client:receive(3), client:receive(5, 'x'), client:receive(0), client:receive('*l'))
      local all = client:receive('*a')
      local good = #all == 256
      for i = 1, 256 do good = good and all:byte(i) == i - 1 end
      print(good, client:receive('*a'))`,
      { port: 0 },
    );
    const socket = await dial(run.emulator);
    socket.write('abcdefg rest\n');
    socket.end(Uint8Array.from({ length: 256 }, (_, i) => i));
    await untilLines(run, 2);
    expect(run.lines).toEqual(['abc\txdefg\t\t rest', 'true\tnil\tclosed\t']);
    await run.emulator.close();
  });

  it('waits no longer than asked, by the clock it was given', async () => {
    const source = `
      local socket = require('socket')
      local server = assert(socket.bind('127.0.0.1', 0))
      server:settimeout(2)
      local before = socket.gettime()
      print(server:accept())
      print(socket.gettime() - before >= 2)
    `;
    let now = 1_000_000;
    const clock = {
      now: () => now,
      sleep: async () => {},
      after: (ms: number, callback: () => void) => {
        const timer = setImmediate(() => {
          now += ms;
          callback();
        });
        return () => clearImmediate(timer);
      },
    };
    expect(await linesOf(source, { clock })).toEqual(['nil\ttimeout', 'true']);
  });

  it('stops the machine while it waits, and lets everything else go on', async () => {
    const run = await runLua(
      `${LISTEN}
      client:settimeout(nil)
      print('before', emu.framecount())
      print(client:receive('*l'), emu.framecount())`,
      { port: 0 },
    );
    const socket = await dial(run.emulator);
    const step = run.emulator.stepFrames(50);
    while (!run.emulator.blocked) await new Promise((turn) => setImmediate(turn));
    const { frame } = run.emulator;
    expect(run.lines).toEqual([`before\t${frame}`]);
    socket.write('go\n');
    await step;
    expect(run.lines[1]).toBe(`go\t${frame}`);
    expect(run.emulator.frame).toBeGreaterThan(frame);
    await run.emulator.close();
  });

  it('waits inside coroutines of the script, pcall and required modules too', async () => {
    const run = await runLua(
      `${LISTEN}
      client:settimeout(nil)
      package.preload['inner'] = function() return { line = client:receive() } end
      local co = coroutine.wrap(function() return select(2, pcall(function() return client:receive() end)) end)
      print(co(), require('inner').line)`,
      { port: 0 },
    );
    const socket = await dial(run.emulator);
    const step = run.emulator.stepFrames(5);
    socket.write('a\n');
    await new Promise((turn) => setTimeout(turn, 0));
    socket.write('b\n');
    await step;
    await untilLines(run, 1);
    expect(run.lines).toEqual(['a\tb']);
    await run.emulator.close();
  });
});

describe('sending', () => {
  it('sends binary strings, parts of strings, and numbers', async () => {
    const run = await runLua(
      `${LISTEN}
      local all = {}
      for i = 0, 255 do all[#all + 1] = string.char(i) end
      print(client:send(table.concat(all)), client:send('abcdef', 2, 4), client:send('abcdef', -2), client:send(12), client:send(''))
      client:close()
      print(client:send('x'))`,
      { port: 0 },
    );
    const socket = await dial(run.emulator);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await untilLines(run, 2);
    if (!socket.closed) await once(socket, 'close');
    expect(Buffer.concat(chunks)).toEqual(
      Buffer.concat([Uint8Array.from({ length: 256 }, (_, i) => i), Buffer.from('bcdef12')]),
    );
    expect(run.lines).toEqual(['256\t4\t6\t2\t0', 'nil\tclosed\t0']);
    await run.emulator.close();
  });

  it('reports how much went out when the peer does not read, and the rest goes on from there', async () => {
    const run = await runLua(
      `${LISTEN}
      client:setoption('tcp-nodelay', true)
      local data, at, parts = ('0123456789'):rep(100000), 1, 0
      while at <= #data do
        local last, err, partial = client:send(data, at)
        if not last then parts = parts + 1 end
        at = (last or partial) + 1
        emu.frameadvance()
      end
      print(parts > 3, at)
      client:close()`,
      { port: 0, sendBytes: 100_000 },
    );
    const socket = await dial(run.emulator);
    await run.emulator.stepFrames(5);
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    await untilLines(run, 1);
    if (!socket.closed) await once(socket, 'close');
    expect(run.lines).toEqual(['true\t1000001']);
    expect(received === '0123456789'.repeat(100_000)).toBe(true);
    await run.emulator.close();
  });

  it('notices a peer that is gone', async () => {
    const run = await runLua(
      `${LISTEN}
      for i = 1, 500 do
        local _, err = client:send(('x'):rep(1000))
        if err then print(err) break end
        emu.frameadvance()
      end`,
      { port: 0 },
    );
    const socket = await dial(run.emulator);
    await run.emulator.stepFrames(2);
    socket.resetAndDestroy();
    await untilLines(run, 1);
    expect(run.lines).toEqual(['closed']);
    await run.emulator.close();
  });
});

describe('the rest of LuaSocket', () => {
  it('connects outwards, and says when nobody listens', async () => {
    const server = createServer((socket) => socket.end('hello\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const run = await runLua(`
      local socket = require('socket')
      local c = assert(socket.connect('127.0.0.1', ${port}))
      print(c:receive('*l'), (c:getpeername()), select(2, c:getpeername()) == ${port})
      c:close()
      print(socket.connect('127.0.0.1', 1))
    `);
    await untilLines(run, 2);
    server.close();
    expect(run.lines).toEqual(['hello\t127.0.0.1\ttrue', 'nil\tconnection refused']);
    await run.emulator.close();
  });

  it('selects what is ready', async () => {
    const run = await runLua(
      `
      local socket = require('socket')
      local server = assert(socket.bind('127.0.0.1', 43055))
      print(#socket.select({ server }, nil, 0), select(3, socket.select({ server }, nil, 0)))
      local r = socket.select({ server }, nil)
      local client = r[1]:accept()
      local _, w = socket.select(nil, { client }, 1)
      print(#r, r[server], w[1] == client)
      r = socket.select({ server, client })
      print(#r, r[1] == client, client:receive())`,
      { port: 0 },
    );
    const socket = await dial(run.emulator);
    socket.write('x\n');
    await untilLines(run, 3);
    expect(run.lines).toEqual(['0\ttimeout', '1\t1\ttrue', '1\ttrue\tx']);
    await run.emulator.close();
  });

  it('is loadable as scripts with a compiled module of their own load it', async () => {
    const source = `
      local core = package.loadlib('/x/socket-linux-5-4.so', 'luaopen_socket_core')()
      print(core == require('socket'), package.loadlib('x', 'luaopen_other'))
    `;
    expect(await linesOf(source)).toEqual(['true\tnil\tno compiled modules here\topen']);
  });

  it('is absent when the emulator is to offer `comm` alone', async () => {
    const listener = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as { port: number };
    const lines = await linesOf(`print(pcall(require, 'socket'))`, {
      transport: { kind: 'comm', host: '127.0.0.1', port },
    });
    listener.close();
    expect(lines[0]).toContain("module 'socket' not found");
  });

  it('closes sockets that the script forgot', async () => {
    const run = await runLua(
      `${LISTEN}
      client = nil
      collectgarbage() collectgarbage()
      print('collected')`,
      { port: 0 },
    );
    await using client = await LineClient.open(await run.emulator.ready);
    await untilLines(run, 1);
    expect(await client.line()).toBeUndefined();
    await run.emulator.close();
  });
});
