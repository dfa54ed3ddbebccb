-- Measures a connector script by itself: the emulator's API and LuaSocket are stand-ins in this same process, so
-- the only cost is the script's own and that of fetching memory.
--
--   lua connector-lua.lua SCRIPT FOLDER BINARY SECONDS
--
-- FOLDER is where the script's own modules lie ('' for none), BINARY is 1 for an emulator with
-- `memory.read_bytes_as_binary_string`. Prints one JSON object: request → CPU microseconds and Lua instructions.

local script, folder, binary, seconds = arg[1], arg[2], arg[3] == '1', tonumber(arg[4] or '0.3')
local MEMORY_BYTES = 65536

local unpack = table.unpack or _G.unpack
local bytes, frame = {}, 0
for i = 1, MEMORY_BYTES do
  bytes[i] = (73 * (i - 1) + 151 * math.floor((i - 1) / 256)) % 256
end
local pieces = {}
for i = 1, MEMORY_BYTES, 4096 do
  pieces[#pieces + 1] = string.char(unpack(bytes, i, i + 4095))
end
local text = table.concat(pieces)

-- What a connector sees of LuaSocket: a listener with one waiting client, whose lines come one a frame.
local incoming, outgoing, answered = nil, {}, 0
local peer = {}
function peer.settimeout() end
function peer.setoption()
  return 1
end
function peer.close() end
function peer.send(_, data, first)
  outgoing[#outgoing + 1] = first and first > 1 and data:sub(first) or data
  answered = answered + 1
  return #data
end
function peer.receive(_, pattern)
  if not incoming then
    return nil, 'timeout', ''
  end
  local line = incoming
  incoming = nil
  if type(pattern) == 'number' then
    if #line + 1 == pattern then
      return line .. '\n'
    end
    if #line + 1 > pattern then
      incoming = line:sub(pattern + 1)
      return line:sub(1, pattern)
    end
    return nil, 'timeout', line .. '\n'
  end
  return line
end

local waiting = peer
local server = {}
function server.accept()
  local client = waiting
  waiting = nil
  if client then
    return client
  end
  return nil, 'timeout'
end
for _, name in ipairs({ 'bind', 'listen', 'settimeout', 'setoption', 'close', 'getsockname' }) do
  server[name] = function()
    return 1
  end
end
local core = {
  -- A frame takes a sixtieth of a second, whatever it costs.
  gettime = function()
    return frame / 60
  end,
  tcp4 = function()
    return server
  end,
}
core.tcp, core.socket = core.tcp4, core
package.preload['socket'] = function()
  return core
end
package.preload['socket.core'] = package.preload['socket']
if folder ~= '' then
  package.path = folder .. '/?.lua;' .. package.path
end

local on_frame
local api = {
  memory = {
    read_bytes_as_array = function(address, size)
      local copy = {}
      if table.move then
        return table.move(bytes, address + 1, address + size, 1, copy)
      end
      for i = 1, size do
        copy[i] = bytes[address + i]
      end
      return copy
    end,
    write_bytes_as_array = function() end,
    getmemorydomainsize = function()
      return MEMORY_BYTES
    end,
    getmemorydomainlist = function()
      return { [0] = 'EWRAM' }
    end,
    read_bytes_as_binary_string = binary and function(address, size)
      return text:sub(address + 1, address + size)
    end or nil,
  },
  emu = {
    framecount = function()
      return frame
    end,
    getsystemid = function()
      return 'GBA'
    end,
    frameadvance = coroutine.yield,
    yield = coroutine.yield,
  },
  gameinfo = {
    getromhash = function()
      return '0123456789ABCDEF0123456789ABCDEF01234567'
    end,
  },
  gui = { addmessage = function() end },
  client = {
    getversion = function()
      return '2.9.1'
    end,
  },
  event = {
    onexit = function() end,
    onframeend = function(callback)
      on_frame = callback
    end,
  },
  -- On 5.1 the emulator has this natively; without it the reference uses arithmetic of its own.
  bit = math.tointeger and {} or nil,
  print = function() end,
}
for name, value in pairs(api) do
  _G[name] = value
end

-- Hooks belong to one coroutine each, and a script may make its own.
local coroutines, create = {}, coroutine.create
-- luacheck: ignore 122
coroutine.create = function(body)
  local made = create(body)
  coroutines[#coroutines + 1] = made
  return made
end

local running = coroutine.create(assert(loadfile(script)))

local function pass()
  frame = frame + 1
  local ok, problem = coroutine.resume(running)
  if not ok then
    error(problem)
  end
  if on_frame then
    on_frame()
  end
end

local function exchange(line)
  incoming = line
  local before = answered
  for _ = 1, 120 do
    pass()
    if answered > before then
      local answer = table.concat(outgoing)
      if answer:find('ERROR', 1, true) then
        error(answer)
      end
      outgoing = {}
      return
    end
  end
  error('no answer to ' .. line:sub(1, 60))
end

local function reads(count, size, step)
  local requests = {}
  for i = 1, count do
    requests[i] = ('{"type": "READ", "address": %d, "size": %d, "domain": "EWRAM"}'):format(
      (i * 97 + step * 31) % 60000,
      size
    )
  end
  return '[' .. table.concat(requests, ', ') .. ']'
end

local LINES = 64
local function many(make)
  local lines = {}
  for i = 1, LINES do
    lines[i] = make(i)
  end
  return lines
end

local function one(line)
  return { line }
end

local CASES = {
  { 'ping', one('[{"type": "PING"}]') },
  { 'read 1 byte', one(reads(1, 1, 0)) },
  { 'read 1,024 bytes', one(reads(1, 1024, 0)) },
  { 'read 8,192 bytes', one('[{"type": "READ", "address": 0, "size": 8192, "domain": "EWRAM"}]') },
  { 'read 49,122 bytes', one('[{"type": "READ", "address": 0, "size": 49122, "domain": "EWRAM"}]') },
  { '100 reads, same line every time', one(reads(100, 4, 0)) },
  {
    '100 reads, every line different',
    many(function(i)
      return reads(100, 4, i)
    end),
  },
  {
    'write 1,024 bytes',
    one('[{"type": "WRITE", "address": 0, "value": "' .. ('AQID'):rep(341) .. 'AQ==", "domain": "EWRAM"}]'),
  },
  {
    'guard and write',
    one(
      '[{"type": "GUARD", "address": 0, "expected_data": "AA==", "domain": "EWRAM"}, '
        .. '{"type": "WRITE", "address": 16, "value": "AQI=", "domain": "EWRAM"}]'
    ),
  },
}

local function cpu_microseconds(lines)
  for _ = 1, 3 do
    exchange(lines[1])
  end
  collectgarbage()
  local best = math.huge
  for _ = 1, 3 do
    local count, start = 0, os.clock()
    repeat
      count = count + 1
      exchange(lines[count % #lines + 1])
    until count % 16 == 0 and os.clock() - start > seconds / 3
    best = math.min(best, (os.clock() - start) / count * 1e6)
  end
  return best
end

local function instructions(lines)
  local STEP, hits, repeats = 100, 0, 20
  local function hit()
    hits = hits + 1
  end
  for _, each in ipairs(coroutines) do
    debug.sethook(each, hit, '', STEP)
  end
  for i = 1, repeats do
    exchange(lines[i % #lines + 1])
  end
  for _, each in ipairs(coroutines) do
    debug.sethook(each)
  end
  return hits * STEP / repeats
end

-- The script says VERSION first and takes a moment to accept.
exchange('VERSION')
local parts = {}
for i, case in ipairs(CASES) do
  parts[i] = ('{"name":%q,"us":%.2f,"instructions":%d}'):format(
    case[1],
    cpu_microseconds(case[2]),
    instructions(case[2])
  )
end
io.write('[', table.concat(parts, ','), ']\n')
