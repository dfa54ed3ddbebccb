-- The FCEUX adapter, on its API as 2.6.5 has it.
local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local equal, test, truthy = check.equal, check.test, check.truthy

local ROOT = arg[0]:match('^(.*)tests/lua/units/')

local HEADER = { 0x4E, 0x45, 0x53, 0x1A, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

-- The host on a cartridge whose header has these bytes (by index from 0), and what the machine's memory is.
local function adapter(header_changes)
  local image, ram, made = {}, {}, nil
  for i = 0, 15 do
    image[i] = (header_changes or {})[i] or HEADER[i + 1]
  end
  local api = {
    emu = {
      framecount = function()
        return 12
      end,
      emulating = function()
        return true
      end,
      message = function() end,
      registerexit = function() end,
      frameadvance = coroutine.yield,
      paused = function()
        return false
      end,
    },
    memory = {
      readbyterange = function(address, size)
        local list = {}
        for i = 1, size do
          list[i] = string.char(ram[address + i - 1] or 0)
        end
        return table.concat(list)
      end,
      writebyte = function(address, value)
        ram[address] = value
      end,
    },
    rom = {
      readbyte = function(address)
        return image[address] or address % 251
      end,
      gethash = function(kind)
        return kind == 'md5' and '5f42ab' or nil
      end,
    },
    ppu = {
      readbyterange = function(address, size)
        return string.char(address % 256):rep(size)
      end,
    },
    gui = { register = function() end },
    print = print,
    -- FCEUX replaces it by one that prints everything it is given.
    tostring = function(...)
      local texts = {}
      for i = 1, select('#', ...) do
        texts[i] = ('%s'):format(
          _G.type(select(i, ...)) == 'boolean' and (select(i, ...) and 'true' or 'false') or select(i, ...)
        )
      end
      return table.concat(texts, ' ')
    end,
  }
  package.loaded['connector'] = {
    run = function(host)
      made = host
    end,
  }
  local saved = {}
  for name, value in pairs(api) do
    saved[name] = _G[name] or false
    _G[name] = value
  end
  local ok, problem = pcall(assert(loadfile(ROOT .. 'lua/src/hosts/fceux.lua')))
  for name, value in pairs(saved) do
    _G[name] = value or nil
  end
  truthy(ok, problem)
  return made, ram, api
end

local function sizes(host)
  local list = {}
  for _, domain in ipairs(host.domains()) do
    list[domain.name] = domain.size
  end
  return list
end

test('domains follow the header', function()
  local base = { RAM = 2048, ['System Bus'] = 65536, ['PRG ROM'] = 32768, ['CHR VROM'] = 8192, PALRAM = 32 }
  local function with(changes)
    local list = {}
    for name, size in pairs(base) do
      list[name] = size
    end
    for name, size in pairs(changes) do
      list[name] = size or nil
    end
    return list
  end
  equal(sizes(adapter()), base)
  equal(sizes(adapter({ [6] = 2 })), with({ WRAM = 8192 }), 'battery')
  equal(sizes(adapter({ [8] = 1 })), with({ WRAM = 8192 }), 'RAM without battery')
  equal(sizes(adapter({ [5] = 0 })), with({ ['CHR VROM'] = false }), 'character RAM')
  equal(
    sizes(adapter({ [7] = 8, [9] = 0x11 })),
    with({ ['PRG ROM'] = 258 * 16384, ['CHR VROM'] = 257 * 8192 }),
    'NES 2.0'
  )
  equal(sizes(adapter({ [7] = 8, [10] = 7 })), with({ WRAM = 8192 }), 'NES 2.0 with RAM')
end)

test('ROM starts behind the header, and behind a trainer', function()
  local host = adapter()
  host.domains()
  equal(host.read('PRG ROM', 0, 2), string.char(16, 17))
  equal(host.read('CHR VROM', 0, 1), string.char((16 + 32768) % 251))
  host = adapter({ [6] = 4 })
  host.domains()
  equal(host.read('PRG ROM', 0, 1), string.char((16 + 512) % 251))
end)

test('memory as BizHawk does it: zeroes outside, unknown names mean the bus, ROM is not written', function()
  local host, ram = adapter({ [6] = 2 })
  host.domains()
  host.write('RAM', 2046, '\1\2\3\4')
  equal({ ram[2046], ram[2047], ram[2048] }, { 1, 2 })
  equal(host.read('RAM', 2046, 4), '\1\2\0\0')
  equal(host.read('RAM', -2, 3), '\0\0\0')
  equal(host.read('RAM', 5000, 2), '\0\0')
  host.write('WRAM', 1, '\9')
  equal(ram[0x6001], 9)
  equal(host.read('nonsense', 0x6001, 1), '\9')
  equal(host.read(nil, 0x6001, 1), '\9')
  equal(host.size('nonsense'), 65536)
  host.write('RAM', -1, '\7\8')
  equal(ram[0], 8)
  equal(ram[-1], nil)
  host.write('PRG ROM', 0, '\0')
  equal(host.read('PRG ROM', 0, 1), string.char(16))
  equal(host.read('PALRAM', 0, 2), '\0\0')
end)

test('the hash is in upper case, and there is none without a ROM', function()
  local host, _, api = adapter()
  equal({ host.system(), host.hash() }, { 'NES', '5F42AB' })
  function api.emu.emulating()
    return false
  end
  equal({ host.system(), host.hash() }, { 'NULL', '' })
end)

test('answers are right although tostring is not', function()
  local host, _, api = adapter()
  local real = _G.tostring
  _G.tostring = api.tostring
  local batch, messages = require('batch'), require('messages')
  local answer = batch.new(host, messages.new(host), '1.0.0'):answer(
    '[{"type":"GUARD","address":0,"expected_data":"AA==","domain":"RAM"},'
      .. '{"type":"DISPLAY_MESSAGE","message":5},{"type":7}]'
  )
  _G.tostring = real
  equal(
    answer,
    '[{"type":"GUARD_RESPONSE","value":true,"address":0},{"type":"DISPLAY_MESSAGE_RESPONSE"},'
      .. '{"type":"ERROR","err":"Unknown command: 7"}]'
  )
end)

check.done()
