-- Test-only: loads the connector a player would load, and beside it listens for a test that wants to press the
-- emulator's buttons: save and load states, reset, speed, screenshots. One command per line, one answer per line.
--
--   CAUSEWAY_CONNECTOR   the script a player loads
--   CAUSEWAY_CONTROL     port of this remote control

local socket = require('socket')

local server = assert(socket.tcp())
assert(server:bind('127.0.0.1', tonumber(os.getenv('CAUSEWAY_CONTROL'))))
assert(server:listen(1))
server:settimeout(0)

local states = {}
local client
local buffer = ''
local frames = 0

local commands = {}

function commands.ping()
  return 'pong'
end

-- Frames since the script started: unlike emu.framecount() a reset or a state load does not move it.
function commands.frames()
  return tostring(frames)
end

function commands.save(slot)
  states[slot] = states[slot] or savestate.object()
  savestate.save(states[slot])
  return 'ok'
end

function commands.load(slot)
  savestate.load(states[slot])
  return 'ok'
end

function commands.softreset()
  emu.softreset()
  return 'ok'
end

function commands.power()
  emu.poweron()
  return 'ok'
end

function commands.speed(mode)
  emu.speedmode(mode)
  return 'ok'
end

function commands.pause()
  emu.pause()
  return 'ok'
end

function commands.resume()
  emu.unpause()
  return 'ok'
end

function commands.peek(address)
  return tostring(memory.readbyte(tonumber(address)))
end

function commands.exit()
  emu.exit()
  return 'ok'
end

local function answer(line)
  local name, argument = line:match('^(%S+)%s*(.*)$')
  local command = name and commands[name]
  if not command then
    return 'unknown'
  end
  local ok, result = pcall(command, argument)
  return ok and result or 'failed ' .. tostring(result):gsub('\n', ' ')
end

local function serve()
  if not client then
    client = server:accept()
    if not client then
      return
    end
    client:settimeout(0)
    client:setoption('tcp-nodelay', true)
    buffer = ''
  end
  local line, problem, partial = client:receive('*l', buffer)
  if line then
    buffer = ''
    client:send(answer(line) .. '\n')
  elseif problem == 'closed' then
    client:close()
    client = nil
  else
    buffer = partial or buffer
  end
end

emu.registerbefore(function()
  frames = frames + 1
  serve()
end)

-- While paused only this callback runs, and there is one of it: ride along with the connector's.
local register = gui.register
function gui.register(callback)
  register(function()
    serve()
    callback()
  end)
end

assert(loadfile(os.getenv('CAUSEWAY_CONNECTOR')))()
