-- The BizHawk adapter, on APIs as its versions have had them.
local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local equal, test, truthy = check.equal, check.test, check.truthy

local ROOT = arg[0]:match('^(.*)tests/lua/units/')

-- Loads the adapter against an API and returns the host it made (nil when it gave up) and what it printed.
local function adapter(change)
  local printed, host, step = {}, nil, nil
  local memory_bytes = {}
  for i = 0, 255 do
    memory_bytes[i] = i
  end
  local api = {
    client = {
      getversion = function()
        return '2.9.1'
      end,
      getconfig = function()
        return { PreferredCores = { NES = 'QuickNes' } }
      end,
    },
    emu = {
      getsystemid = function()
        return 'NES'
      end,
      framecount = function()
        return 7
      end,
      yield = coroutine.yield,
      frameadvance = coroutine.yield,
    },
    memory = {
      getmemorydomainlist = function()
        return { [0] = 'RAM', 'ROM' }
      end,
      getmemorydomainsize = function(name)
        return name == 'RAM' and 256 or 512
      end,
      read_bytes_as_array = function(address, size)
        local list = {}
        for i = 1, size do
          list[i] = memory_bytes[address + i - 1]
        end
        return list
      end,
      write_bytes_as_array = function(address, list)
        for i, value in ipairs(list) do
          memory_bytes[address + i - 1] = value
        end
      end,
    },
    gameinfo = {
      getromhash = function()
        return 'HASH'
      end,
    },
    gui = { addmessage = function() end },
    event = { onexit = function() end },
    print = function(text)
      printed[#printed + 1] = text
    end,
  }
  if change then
    change(api)
  end
  package.loaded['connector'] = {
    run = function(made)
      host = made
    end,
  }
  local saved = {}
  for name, value in pairs(api) do
    saved[name] = _G[name] or false
    _G[name] = value
  end
  local running = coroutine.create(assert(loadfile(ROOT .. 'lua/src/hosts/bizhawk.lua')))
  local ok, problem = coroutine.resume(running)
  for name, value in pairs(saved) do
    _G[name] = value or nil
  end
  truthy(ok, problem)
  return host, printed, running, step
end

test('domains, however the emulator lists them', function()
  local expected = { { name = 'RAM', size = 256 }, { name = 'ROM', size = 512 } }
  for _, listed in ipairs({ { [0] = 'RAM', 'ROM' }, { 'RAM', 'ROM' }, 'RAM\nROM\n' }) do
    local host = adapter(function(api)
      function api.memory.getmemorydomainlist()
        return listed
      end
    end)
    equal(host.domains(), expected)
  end
end)

test('preferred cores from a table and from a dictionary of .NET', function()
  equal(adapter().preferred_cores(), { NES = 'QuickNes' })
  local host = adapter(function(api)
    function api.client.getconfig()
      local names, at = { 'NES', 'GB' }, 0
      local enumerator = {}
      function enumerator:MoveNext()
        at = at + 1
        self.Current = names[at]
        return self.Current ~= nil
      end
      local keys = {}
      function keys.GetEnumerator()
        return enumerator
      end
      -- Anything but a table: that is how .NET objects look from Lua.
      local dictionary = coroutine.create(function() end)
      debug.setmetatable(dictionary, { __index = { Keys = keys, NES = 'QuickNes', GB = 'Gambatte' } })
      return { PreferredCores = dictionary }
    end
  end)
  equal(host.preferred_cores(), { NES = 'QuickNes', GB = 'Gambatte' })
  debug.setmetatable(coroutine.create(function() end), nil)
end)

test('reads and writes longer than the stack is deep', function()
  local host = adapter(function(api)
    function api.memory.read_bytes_as_array(_, size)
      local list = {}
      for i = 1, size do
        list[i] = i % 256
      end
      return list
    end
  end)
  local bytes = host.read('RAM', 0, 50000)
  equal(#bytes, 50000)
  equal(bytes:byte(49999), 49999 % 256)
  local written = {}
  local other = adapter(function(api)
    function api.memory.write_bytes_as_array(address, list)
      for i, value in ipairs(list) do
        written[address + i - 1] = value
      end
    end
  end)
  other.write('RAM', 10, bytes)
  equal(written[10], 1)
  equal(written[10 + 49998], 49999 % 256)
  equal(#written, 10 + 49999)
end)

test('strings of bytes are used once they have proven right', function()
  local asked = 0
  local host = adapter(function(api)
    function api.memory.read_bytes_as_binary_string(address, size)
      asked = asked + 1
      local list = api.memory.read_bytes_as_array(address, size)
      return string.char((table.unpack or _G.unpack)(list))
    end
  end)
  equal(host.read('RAM', 0, 2), '\0\1')
  equal(asked, 0, 'plain ASCII proves nothing')
  truthy(host.read_array)
  equal(host.read('RAM', 127, 2), '\127\128')
  equal(asked, 1)
  equal(host.read_array, nil)
  equal(host.read('RAM', 0, 2), '\0\1')
  equal(host.read('RAM', 0, 0), '')
  equal(asked, 2)
end)

test('strings of bytes that come out changed, or not at all, are never used', function()
  for _, broken in ipairs({
    function(_, size)
      return ('?'):rep(size)
    end,
    function()
      error('no such overload')
    end,
  }) do
    local host = adapter(function(api)
      api.memory.read_bytes_as_binary_string = broken
    end)
    equal(host.read('RAM', 127, 2), '\127\128')
    equal(host.read('RAM', 200, 2), '\200\201')
    truthy(host.read_array)
  end
end)

test('versions: too old is refused, old is warned of, unknown and new are taken', function()
  for version, expected in pairs({
    ['2.6.3'] = { runs = false, says = 'too old' },
    ['2.7'] = { runs = true, says = 'may fail' },
    ['2.9'] = { runs = true, says = 'may fail' },
    ['2.9.1'] = { runs = true },
    ['2.10'] = { runs = true },
    ['2.11.0'] = { runs = true },
    ['3.0'] = { runs = true },
    ['dev'] = { runs = true },
  }) do
    local host, printed = adapter(function(api)
      function api.client.getversion()
        return version
      end
    end)
    equal(host ~= nil, expected.runs, version)
    equal(printed[1] ~= nil, expected.says ~= nil, version)
    truthy(not expected.says or printed[1]:find(expected.says, 1, true), version)
  end
end)

test('without a ROM it waits for one', function()
  local system = 'NULL'
  local host, printed, running = adapter(function(api)
    function api.emu.getsystemid()
      return system
    end
  end)
  equal(host, nil)
  equal(coroutine.status(running), 'suspended')
  truthy(printed[1]:find('load a ROM', 1, true))
end)

-- Runs the adapter's loop and counts steps.
local function looping(system, register)
  local steps, now, interrupt = 0, 0, nil
  local host = adapter(function(api)
    function api.emu.getsystemid()
      return system
    end
    api.event[register or 'on_bus_exec'] = function(callback, address, _, domain)
      equal({ address, domain }, { 0x40, 'System Bus' })
      interrupt = callback
    end
  end)
  local loop = coroutine.create(function()
    host.run(function()
      steps = steps + 1
    end, function()
      return now
    end)
  end)
  return function(seconds)
    now = now + seconds
    assert(coroutine.resume(loop))
    return steps
  end, function()
    interrupt()
    return steps
  end, function()
    return interrupt ~= nil
  end
end

test('on most systems every pass does the work', function()
  local pass, _, hooked = looping('NES')
  equal({ pass(0.01), pass(0.01), pass(0.01) }, { 1, 2, 3 })
  equal(hooked(), false)
end)

test('on the Game Boys the interrupt does it, and passes only while there is none', function()
  for _, register in ipairs({ 'on_bus_exec', 'onmemoryexecute' }) do
    local pass, interrupt = looping('GBC', register)
    equal(pass(0.01), 1, 'before the first interrupt')
    equal(interrupt(), 2)
    equal({ pass(0.01), pass(0.01) }, { 2, 2 })
    equal(interrupt(), 3)
    equal(pass(0.4), 3)
    equal(pass(0.2), 4, 'the interrupt is off')
    equal(interrupt(), 5)
    equal(pass(0.01), 5)
  end
end)

check.done()
