import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { LineSocket } from '../conformance/connector/line-socket.js';
import { LUA_VERSIONS } from './support/lua-versions.js';
import { MachineProcess } from './support/machine-process.js';

const FIND_CORE = 'io.write(assert(package.searchpath("socket.core", package.cpath)))';

const FIND_CORE_51 = `
  for place in package.cpath:gmatch('[^;]+') do
    local path = place:gsub('%?', 'socket/core')
    local file = io.open(path)
    if file then io.write(path) return end
  end`;

const nativeCore = (command: string): string =>
  spawnSync(command, ['-e', command === 'lua5.4' ? FIND_CORE : FIND_CORE_51], { encoding: 'utf8' }).stdout;

const saysNobodyListens = async (port: number): Promise<void> => {
  await expect(LineSocket.open(port)).rejects.toThrow('ECONNREFUSED');
};

for (const { command, sockets } of LUA_VERSIONS) {
  describe.skipIf(!sockets)(`the script in ${command}`, () => {
    it('serves an emulator without frame limit', async () => {
      await using machine = await MachineProcess.open({ lua: command });
      await machine.control('fps 0');
      for (let i = 0; i < 5; i++) {
        await using client = await LineSocket.greet(machine.port);
        expect(await client.batch({ type: 'PING' })).toEqual([{ type: 'PONG' }]);
        client.end();
        expect(await client.line()).toBeUndefined();
      }
    });

    it('closes its sockets when the emulator does', async () => {
      await using machine = await MachineProcess.open({ lua: command });
      await using client = await LineSocket.greet(machine.port);
      await machine.quit();
      expect(await client.line()).toBeUndefined();
      await saysNobodyListens(machine.port);
    });

    it('listens again on the port of a run that was killed with a client connected', async () => {
      const first = await MachineProcess.open({ lua: command });
      const { port } = first;
      await using client = await LineSocket.greet(port);
      await first[Symbol.asyncDispose]();
      expect(await client.line()).toBeUndefined();
      await using second = await MachineProcess.open({ lua: command, env: { CAUSEWAY_PORT: String(port) } });
      expect(second.port).toBe(port);
      await using next = await LineSocket.greet(port);
      expect(await next.batch({ type: 'PING' })).toEqual([{ type: 'PONG' }]);
    });

    it('waits for a port that is taken instead of failing', async () => {
      await using first = await MachineProcess.open({ lua: command });
      await using second = await MachineProcess.start({ lua: command, env: { CAUSEWAY_PORT: String(first.port) } });
      await second.until(() => second.printed.some((line) => line.includes('no free port')));
      const { port } = first;
      await first.quit();
      await second.until(() => second.port === port);
    });

    it('reads the hash anew for whoever asks', async () => {
      await using machine = await MachineProcess.open({ lua: command });
      await using client = await LineSocket.greet(machine.port);
      await machine.control('reset FEEDBEEF');
      expect(await client.batch({ type: 'HASH' })).toEqual([{ type: 'HASH_RESPONSE', value: 'FEEDBEEF' }]);
    });

    it('says what is missing when there is no way to a bridge', async () => {
      await using machine = await MachineProcess.start({ lua: command, env: { CAUSEWAY_SOCKET: '/nowhere/core.so' } });
      await machine.until(() => machine.printed.some((line) => line.includes('no LuaSocket')));
    });

    it('takes LuaSocket from where it is told', async () => {
      const env = { CAUSEWAY_SOCKET: nativeCore(command) };
      expect(env.CAUSEWAY_SOCKET).toContain('core');
      await using machine = await MachineProcess.open({ lua: command, env });
      await using _client = await LineSocket.greet(machine.port);
    });

    it('names a port setting that is none', async () => {
      await using machine = await MachineProcess.start({
        lua: command,
        env: { CAUSEWAY_PORT: 'many', CAUSEWAY_SOCKET: '/nowhere/core.so' },
      });
      await machine.until(() =>
        machine.printed.some((line) => line.includes('CAUSEWAY_PORT') && line.includes('many')),
      );
    });

    it('greets who knows its token', async () => {
      await using machine = await MachineProcess.open({ lua: command, env: { CAUSEWAY_TOKEN: 'open sesame' } });
      await using stranger = await LineSocket.open(machine.port);
      expect(await stranger.ask('TOKEN open says me')).toBeUndefined();
      await using friend = await LineSocket.open(machine.port);
      expect(await friend.ask('TOKEN open sesame')).toBe('1');
    });

    it('reads the same memory from strings as from tables', async () => {
      const request = { type: 'READ', address: 100, size: 5000, domain: 'ROM' };
      const answers = [];
      for (const binary of [false, true]) {
        await using machine = await MachineProcess.open({ lua: command, binary });
        await using client = await LineSocket.greet(machine.port);
        await client.batch(request);
        answers.push(await client.batch(request));
      }
      expect(answers[1]).toEqual(answers[0]);
    });
  });
}
