-- A machine with BizHawk's Lua API and no emulation: `lua run.lua SCRIPT DESCRIPTION [PARTS]` runs a connector
-- script on the described memory at sixty frames a second, under plain Lua with LuaSocket.
--
-- On stdout, one JSON object a line: {"control":PORT} first, then {"print":..} and {"message":..,"frame":..} as they
-- happen. Lines sent to the control port are `pause`, `resume`, `frame`, `fps N`, `reset HASH` (another ROM), `quit`;
-- each is answered with the frame number.

local script, description_file, parts = arg[1], arg[2], arg[3] or 'lua/src'
package.path = parts .. '/?.lua;' .. arg[0]:match('^(.-)[^/]*$') .. '?.lua;' .. package.path

local json = require('json')
local core = require('socket.core')
local memory_of = require('memory')

local description = assert(json.decode(assert(io.open(description_file)):read('*a')))
local machine = memory_of.new(description)
local frame, paused, quit, frame_seconds = 0, false, false, 1 / 60
local binary = os.getenv('MACHINE_BINARY') == '1'
local leave

local function tell(event)
  io.stdout:write(json.encode(event), '\n')
  io.stdout:flush()
end

-- EmuHawk's .NET side fails with objects, not strings.
local function refuse_unless(condition)
  if not condition then
    error(setmetatable({}, {
      __tostring = function()
        return 'System.ArgumentException'
      end,
    }))
  end
end

local function read_array(address, size, domain)
  refuse_unless(type(address) == 'number' and type(size) == 'number' and size >= 0)
  local bytes = {}
  for i = 1, size do
    bytes[i] = machine.read(domain, address + i - 1)
  end
  return bytes
end

local api = {
  memory = {
    read_bytes_as_array = read_array,
    write_bytes_as_array = function(address, bytes, domain)
      refuse_unless(type(address) == 'number')
      for i, value in ipairs(bytes) do
        machine.write(domain, address + i - 1, value)
      end
    end,
    getmemorydomainsize = machine.size,
    getmemorydomainlist = function()
      local list = {}
      for i, name in ipairs(machine.names) do
        list[i - 1] = name
      end
      return list
    end,
  },
  emu = {
    framecount = function()
      return frame
    end,
    getsystemid = function()
      return description.system
    end,
    frameadvance = function()
      coroutine.yield('frame')
    end,
    yield = function()
      coroutine.yield('pass')
    end,
  },
  gameinfo = {
    getromhash = function()
      return description.romHash
    end,
  },
  gui = {
    addmessage = function(text)
      tell({ message = text, frame = frame })
    end,
  },
  client = {
    getversion = function()
      return os.getenv('MACHINE_VERSION') or '2.9.1'
    end,
    getconfig = function()
      return { PreferredCores = description.preferredCores }
    end,
  },
  event = {
    onexit = function(callback)
      leave = callback
    end,
    onframeend = function() end,
  },
  print = function(text)
    tell({ print = text })
  end,
}
if binary then
  api.memory.read_bytes_as_binary_string = function(address, size, domain)
    local bytes = read_array(address, size, domain)
    for i = 1, size do
      bytes[i] = string.char(bytes[i])
    end
    return table.concat(bytes)
  end
end
for name, value in pairs(api) do
  _G[name] = value
end

local control = (core.tcp4 or core.tcp)()
assert(control:bind('127.0.0.1', 0))
control:listen(1)
local _, control_port = control:getsockname()
tell({ control = tonumber(control_port) })
control:settimeout(0)

local COMMANDS = {
  pause = function()
    paused = true
  end,
  resume = function()
    paused = false
  end,
  frame = function() end,
  quit = function()
    quit = true
  end,
  fps = function(rate)
    frame_seconds = rate == '0' and 0 or 1 / tonumber(rate)
  end,
  reset = function(hash)
    description.romHash = hash
  end,
}

local peer
local function obey()
  if not peer then
    peer = control:accept()
    if peer then
      peer:settimeout(0)
    end
    return
  end
  local line = peer:receive('*l')
  if line then
    local name, argument = line:match('^(%a+) ?(.*)$')
    COMMANDS[name](argument)
    peer:send(frame .. '\n')
  end
end

local function start()
  local chunk = assert(loadfile(script))
  return coroutine.create(chunk)
end

local running = start()
local next_frame = core.gettime()
local waits_for_frame = false
-- A script that has ended leaves its emulator running.
while not quit do
  local now = core.gettime()
  local advanced = not paused and now >= next_frame
  if advanced then
    frame = frame + 1
    next_frame = math.max(next_frame + frame_seconds, now - 0.1)
  end
  if (advanced or not waits_for_frame) and coroutine.status(running) ~= 'dead' then
    local ok, wish = coroutine.resume(running)
    if not ok then
      tell({ crash = tostring(wish) })
      os.exit(1)
    end
    waits_for_frame = wish == 'frame'
  end
  obey()
  if frame_seconds > 0 then
    -- EmuHawk's loop goes round several times a frame.
    core.select(nil, nil, math.max(0, math.min(0.004, next_frame - core.gettime())))
  end
end
if leave then
  leave()
end
tell({ ended = frame })
