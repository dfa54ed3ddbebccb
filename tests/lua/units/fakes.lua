-- Stand-ins for what the connector reaches: an emulator with one domain, LuaSocket with sockets a test writes into, and
-- BizHawk's comm table. Time is what the test says.

local fakes = {}

-- A host table with `RAM` of 256 bytes, byte n being n, and a list of what was shown.
function fakes.host()
  local bytes, host = {}, { name = 'fake', shown = {}, rom = 'ABCD', at = 0 }
  for i = 0, 255 do
    bytes[i] = string.char(i)
  end
  host.bytes = bytes
  function host.system()
    return 'NES'
  end
  function host.hash()
    return host.rom
  end
  function host.preferred_cores()
    return { NES = 'QuickNes' }
  end
  function host.frame()
    return host.at
  end
  function host.domains()
    return { { name = 'RAM', size = 256 }, { name = 'ROM', size = 256, writable = false } }
  end
  function host.size()
    return 256
  end
  function host.read(_, address, size)
    if address == 13 then
      error('memory is tired', 0)
    end
    local pieces = {}
    for i = 1, size do
      pieces[i] = bytes[address + i - 1] or '\0'
    end
    return table.concat(pieces)
  end
  function host.write(_, address, text)
    for i = 1, #text do
      bytes[address + i - 1] = text:sub(i, i)
    end
  end
  function host.message(text)
    host.shown[#host.shown + 1] = text
  end
  function host.print() end
  return host
end

local Socket = {}
Socket.__index = Socket

function Socket:settimeout(seconds)
  self.timeout = seconds
end

function Socket:setoption(name)
  self.options[name] = true
  return 1
end

function Socket:getsockname()
  return '127.0.0.1', self.port
end

function Socket:bind(address, port)
  if address ~= '127.0.0.1' or self.core.taken[port] then
    return nil, 'address already in use'
  end
  self.core.taken[port] = true
  self.port = port
  return 1
end

function Socket:listen()
  self.core.listening = self
  return 1
end

function Socket:accept()
  local waiting = self.core.waiting
  if #waiting == 0 then
    return nil, 'timeout'
  end
  return table.remove(waiting, 1)
end

-- Time passes while a socket is waited for in vain.
function Socket:receive(count)
  if self.input == '' then
    if self.ended then
      return nil, 'closed', ''
    end
    if self.timeout > 0 then
      self.core.now = self.core.now + self.timeout
    end
    return nil, 'timeout', ''
  end
  local data = self.input:sub(1, count)
  self.input = self.input:sub(count + 1)
  if #data == count then
    return data
  end
  return nil, 'timeout', data
end

function Socket:send(data, first)
  if self.broken then
    return nil, 'closed', 0
  end
  local last = math.min(#data, first + self.room - 1)
  self.room = self.room - (last - first + 1)
  self.output = self.output .. data:sub(first, last)
  if last < #data then
    return nil, 'timeout', last
  end
  return last
end

function Socket:close()
  self.closed = true
  if self.port then
    self.core.taken[self.port] = nil
  end
end

-- Lines the connector has sent since this was last asked.
function Socket:answers()
  local text = self.output
  self.output = ''
  local list = {}
  for line in text:gmatch('([^\n]*)\n') do
    list[#list + 1] = line
  end
  return list
end

-- LuaSocket's core; `now` is its clock, `waiting` holds sockets not accepted yet.
function fakes.core()
  local core = { now = 1000, taken = {}, waiting = {} }
  local function socket()
    return setmetatable({ core = core, input = '', output = '', room = math.huge, options = {}, timeout = 0 }, Socket)
  end
  core.tcp4 = socket
  core.tcp = socket
  function core.gettime()
    return core.now
  end
  function core.connect()
    local made = socket()
    core.waiting[#core.waiting + 1] = made
    return made
  end
  return core
end

return fakes
