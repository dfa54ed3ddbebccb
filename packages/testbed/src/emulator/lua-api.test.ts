import { describe, expect, it } from 'vitest';
import { linesOf, runLua } from './test-support/run-lua.js';
import { TINY } from './test-support/tiny-rom.js';

describe('memory', () => {
  it('lists domains from 0, as EmuHawk does', async () => {
    const lines = await linesOf(`
      local list = memory.getmemorydomainlist()
      print(list[0], list[1], #list, memory.getmemorydomainsize('WRAM'), memory.getcurrentmemorydomain(), memory.getcurrentmemorydomainsize())
    `);
    expect(lines).toEqual(['RAM\tWRAM\t7\t8192\tSystem Bus\t65536']);
  });

  it('carries all 256 bytes both ways', async () => {
    const lines = await linesOf(`
      local text = memory.read_bytes_as_binary_string(0x1000, 256, 'PRG ROM')
      local array = memory.read_bytes_as_array(0x1000, 256, 'PRG ROM')
      local good = #text == 256 and #array == 256
      for i = 1, 256 do good = good and text:byte(i) == i - 1 and array[i] == i - 1 end
      memory.write_bytes_as_array(0x100, array, 'WRAM')
      print(good, memory.read_bytes_as_binary_string(0x100, 256, 'WRAM') == text, math.type(array[256]))
    `);
    expect(lines).toEqual(['true\ttrue\tinteger']);
  });

  it('reads more than fits on the stack of Lua', async () => {
    const lines = await linesOf(`
      local array = memory.read_bytes_as_array(0, 65536, 'System Bus')
      memory.write_bytes_as_array(0, array, 'WRAM')
      print(#array, array[0xd0ff], array[65536 - 2])
    `);
    expect(lines.at(-1)).toBe('65536\t254\t192');
  });

  it('reads and writes numbers of every size and order', async () => {
    const lines = await linesOf(`
      memory.usememorydomain('WRAM')
      memory.write_bytes_as_array(0, { 0x81, 0x82, 0x83, 0x84 })
      print(memory.readbyte(0), memory.read_u8(0), memory.read_s8(0), memory.read_u16_le(0), memory.read_u16_be(0))
      print(memory.read_s16_be(0), memory.read_u24_le(0), memory.read_s24_be(0), memory.read_u32_le(0), memory.read_s32_be(0))
      memory.write_u16_be(8, 0x1234) memory.write_s16_le(10, -2) memory.write_u24_le(12, 0x010203) memory.write_u32_be(16, 0xdeadbeef)
      memory.writefloat(20, 1.5, false) memory.writebyte(24, 0x1ff)
      local parts = {}
      for i, v in ipairs(memory.read_bytes_as_array(8, 17)) do parts[i] = ('%02x'):format(v) end
      print(table.concat(parts), memory.readfloat(20, false))
    `);
    expect(lines).toEqual([
      '129\t129\t-127\t33409\t33154',
      '-32382\t8618625\t-8289661\t2223211137\t-2122153084',
      '1234feff03020100deadbeef0000c03fff\t1.5',
    ]);
  });

  it('falls back to the current domain for a name the core does not have, and says so', async () => {
    const lines = await linesOf(`
      print(memory.getmemorydomainsize('EWRAM'), memory.read_u8(0xd0fe, 'ram'), memory.usememorydomain('nothing'))
      memory.usememorydomain('RAM')
      print(memory.getmemorydomainsize('EWRAM'), memory.getmemorydomainsize(''))
    `);
    expect(lines.filter((line) => line.startsWith('Unable to find domain')).length).toBe(4);
    expect(lines.filter((line) => !line.startsWith('Unable'))).toEqual(['65536\t254\tfalse', '2048\t2048']);
  });

  it('reads zeroes and drops writes outside a domain', async () => {
    const lines = await linesOf(`
      memory.write_bytes_as_array(2046, { 1, 2, 3, 4 }, 'RAM')
      memory.write_bytes_as_array(-1, { 9, 8 }, 'RAM')
      local function show(at, size) return table.concat(memory.read_bytes_as_array(at, size, 'RAM'), ' ') end
      print(show(2046, 4), '|', show(-2, 3), '|', show(99999, 2), '|', show(5, 0))
    `);
    expect(lines.at(-1)).toBe('1 2 0 0\t|\t0 0 8\t|\t0 0\t|\t');
    expect(lines.filter((line) => line.startsWith('Warning')).length).toBe(5);
  });

  it('drops writes to what cannot be written', async () => {
    const lines = await linesOf(`
      memory.write_u8(0, 1, 'PRG ROM')
      print(memory.read_u8(0, 'PRG ROM'))
    `);
    expect(lines).toEqual(['Error: PRG ROM cannot be written', '120']);
  });

  it('raises failures of the host as objects, not strings', async () => {
    const lines = await linesOf(`
      for _, args in ipairs { { nil, 4 }, { 'x', 4 }, { 0, -1 }, { 0, 4, true } } do
        local ok, failure = pcall(memory.read_bytes_as_array, args[1], args[2], args[3])
        print(ok, type(failure), #tostring(failure) > 5)
      end
      print(memory.read_u8('0xd0fe'), #memory.read_bytes_as_array(1.7, 2.2, 'RAM'))
    `);
    expect(lines).toEqual([...Array(4).fill('false\tuserdata\ttrue'), '254\t2']);
  });

  it('offers mainmemory, dictionaries, ranges from 0 and hashes', async () => {
    const lines = await linesOf(`
      mainmemory.write_u8(0x123, 77)
      print(mainmemory.getname(), memory.read_u8(0x123, 'RAM'), memory.read_bytes_as_dict(0x123, 1, 'RAM')[0x123])
      print(memory.readbyterange(0x123, 2, 'RAM')[0], memory.hash_region(0x1000, 256, 'PRG ROM'):sub(1, 8))
      memory.write_bytes_as_dict({ [5] = 6, [7] = 8 }, 'WRAM')
      print(memory.read_u8(5, 'WRAM'), memory.read_u8(7, 'WRAM'))
    `);
    expect(lines).toEqual(['RAM\t77\t77', '77\t40AFF2E9', '6\t8']);
  });
});

describe('emu, client, gameinfo, os', () => {
  it('tells what it is', async () => {
    const lines = await linesOf(`
      print(emu.getsystemid(), emu.framecount(), client.getversion(), client.getconfig().PreferredCores.NES, client.ispaused())
      print(gameinfo.getromname(), #gameinfo.getromhash(), gameinfo.getromhash():upper() == gameinfo.getromhash())
      print(emu.getregister('PC') > 0, _VERSION)
    `);
    expect(lines).toEqual(['NES\t0\t2.10\tQuickNes\tfalse', 'game\t40\ttrue', 'true\tLua 5.4']);
  });

  it('gives the preferred cores as the .NET dictionary they are in EmuHawk, and as a table', async () => {
    const lines = await linesOf(
      `
      local cores = client.getconfig().PreferredCores
      local keys, names = cores.Keys:GetEnumerator(), {}
      while keys:MoveNext() do names[#names + 1] = keys.Current .. '=' .. cores[keys.Current] end
      local count = 0
      for _ in pairs(cores) do count = count + 1 end
      print(table.concat(names, ' '), count, cores.Count)`,
      { preferredCores: { NES: 'NesHawk', GB: 'SameBoy' } },
    );
    expect(lines).toEqual(['GB=SameBoy NES=NesHawk\t2\t2']);
  });

  it('shows a script only the environment it was given', async () => {
    const source = `print(os.getenv('CAUSEWAY_PORT'), os.getenv('A'), os.getenv('PATH'), os.getenv('HOME'))`;
    expect(await linesOf(source, { port: 40_000, env: { A: 'b' } })).toEqual(['40000\tb\tnil\tnil']);
  });

  it('gives scripts no way to the files or programs of this machine but reading beside the script', async () => {
    const lines = await linesOf(`
      print(os.execute, os.remove, os.rename, io.popen, io.open('/etc/passwd'))
    `);
    expect(lines[0]).toMatch(/^nil\tnil\tnil\tnil\tnil\t/);
  });

  it('passes texts to the screen', async () => {
    const shown: string[] = [];
    await linesOf(`gui.addmessage('Grüße') gui.text(1, 2, 3) gui.drawBox(1, 2, 3, 4)`, {
      onMessage: (text) => shown.push(text),
    });
    expect(shown).toEqual(['Grüße', '3']);
  });

  it('saves and loads states in memory and slots, pauses and exits', async () => {
    const { emulator, lines } = await runLua(`
      memory.write_u8(0x300, 1, 'RAM')
      local id = memorysavestate.savecorestate()
      savestate.saveslot(1)
      memory.write_u8(0x300, 2, 'RAM')
      memorysavestate.loadcorestate(id)
      print(memory.read_u8(0x300, 'RAM'))
      memory.write_u8(0x300, 3, 'RAM')
      print(savestate.loadslot(1), savestate.loadslot(9), memory.read_u8(0x300, 'RAM'))
      client.pause()
      print(client.ispaused())
      client.unpause()
      emu.frameadvance()
      client.exit()
    `);
    await emulator.stepFrames(1);
    await emulator.closed;
    expect(lines).toEqual(['1', 'true\tfalse\t1', 'true']);
  });

  it('presses buttons', async () => {
    const { emulator, lines } = await runLua(`
      joypad.set({ A = true, ['P1 B'] = true, Nonsense = true }, 1)
      for i = 1, 4 do emu.frameadvance() end
      print(memory.read_u8(${TINY.buttonA}, 'RAM'), joypad.get()['P1 A'], joypad.get()['P1 B'], joypad.get()['P2 A'])
    `);
    await emulator.stepFrames(6);
    await emulator.close();
    expect(lines).toEqual(['1\ttrue\ttrue\tfalse']);
  });

  it('has the bit library of old BizHawk', async () => {
    const lines = await linesOf(`
      print(bit.band(0xff0, 0x0ff), bit.bor(1, 2, 4), bit.bxor(5, 1), bit.bnot(0), bit.lshift(1, 31), bit.rshift(0x80000000, 31))
      print(bit.arshift(0x80000000, 4), bit.rol(0x80000001, 1), bit.ror(1, 1), bit.check(4, 2), bit.byteswap_16(0x1234), bit.byteswap_32(1))
    `);
    expect(lines).toEqual(['240\t7\t4\t4294967295\t2147483648\t1', '4160749568\t3\t2147483648\ttrue\t13330\t16777216']);
  });
});

describe('scheduling', () => {
  it('resumes a script once per frame, callbacks in their order', async () => {
    const { emulator, lines } = await runLua(`
      event.onframestart(function() print('start', emu.framecount()) end)
      event.onframeend(function() print('end', emu.framecount()) end)
      event.onexit(function() print('exit') end)
      while true do print('script', emu.framecount()) emu.frameadvance() end
    `);
    await emulator.stepFrames(2);
    await emulator.close();
    expect(lines).toEqual([
      ...['script\t0', 'script\t0', 'start\t0', 'end\t1'],
      ...['script\t1', 'start\t1', 'end\t2', 'exit'],
    ]);
  });

  it('resumes only what yields while paused', async () => {
    const waits = (how: string) => `while true do print('tick') emu.${how}() end`;
    for (const [how, ticks] of [
      ['yield', 4],
      ['frameadvance', 1],
    ] as const) {
      const { emulator, lines } = await runLua(waits(how));
      emulator.pause();
      await emulator.stepPasses(3);
      expect([lines.length, emulator.frame], how).toEqual([ticks, 0]);
      await emulator.stepFrames(1);
      expect([lines.length, emulator.frame], how).toEqual([ticks + 1, 1]);
      await emulator.close();
    }
  });

  it('hands a wait for a frame through coroutines of the script', async () => {
    const { emulator, lines } = await runLua(`
      local co = coroutine.create(function(a)
        print('in', a)
        emu.frameadvance()
        print('frame', emu.framecount())
        local b = coroutine.yield('mine')
        print('again', b)
        error('oops')
      end)
      print(coroutine.resume(co, 1))
      print(coroutine.resume(co, 2))
      print(coroutine.status(co))
      local next = coroutine.wrap(function() emu.yield() coroutine.yield(1, 2) end)
      print(next())
    `);
    await emulator.stepFrames(3);
    await emulator.close();
    expect(lines).toEqual([...['in\t1', 'frame\t0', 'true\tmine', 'again\t2', 'false\ttest:8: oops', 'dead', '1\t2']]);
  });

  it('reports a failing callback each time and keeps it', async () => {
    const { emulator, lines } = await runLua(`event.onframeend(function() error('no') end, 'mine')`);
    await emulator.stepFrames(2);
    await emulator.close();
    expect(lines.map((line) => line.split('\n')[0])).toEqual(Array(2).fill('! lua.failed test:1: no'));
  });

  it('does not let a callback wait for a frame', async () => {
    const { emulator, lines } = await runLua(`event.onframeend(function() emu.frameadvance() end)`);
    await emulator.stepFrames(1);
    await emulator.close();
    expect(lines[0]).toContain('emu.frameadvance cannot be called from a callback');
  });

  it('forgets a callback that is unregistered, also by itself', async () => {
    const { emulator, lines } = await runLua(`
      local id
      id = event.onframeend(function() print('once') event.unregisterbyid(id) end)
      event.onframeend(function() print('named') end, 'n')
      event.onframestart(function() if emu.framecount() == 2 then print(event.unregisterbyname('n'), event.unregisterbyname('n')) end end)
    `);
    await emulator.stepFrames(4);
    await emulator.close();
    expect(lines).toEqual(['once', 'named', 'named', 'true\tfalse']);
  });

  it('calls back when the program reaches an address', async () => {
    const { emulator, lines } = await runLua(`
      local id
      id = event.on_bus_exec(function(address)
        print(address, emu.getregister('PC'))
        if emu.framecount() == 5 then event.unregisterbyid(id) end
      end, ${TINY.nmiAddress})
    `);
    await emulator.stepFrames(9);
    await emulator.close();
    expect(new Set(lines)).toEqual(new Set([`${TINY.nmiAddress}\t${TINY.nmiAddress}`]));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.length).toBeLessThan(7);
  });

  it('tells of states that were saved and loaded', async () => {
    const { emulator, lines } = await runLua(`
      event.onsavestate(function() print('saved') end)
      event.onloadstate(function() print('loaded', emu.framecount()) end)
    `);
    await emulator.stepFrames(3);
    const state = emulator.saveState();
    await emulator.stepFrames(3);
    emulator.loadState(state);
    expect(emulator.frame).toBe(3);
    await emulator.stepFrames(1);
    await emulator.close();
    expect(lines).toEqual(['saved', 'loaded\t3']);
  });

  it('reports a script that does not compile, and runs on without it', async () => {
    const { emulator, lines } = await runLua(`this is no Lua`);
    await emulator.stepFrames(2);
    expect([emulator.frame, lines[0]?.startsWith('! lua.failed')]).toEqual([2, true]);
    await emulator.close();
  });
});
