/**
 * LuaSocket's surface, in Lua over native sockets (`lua-socket.ts`).
 *
 * Natives never block: `false` means "not now", `nil` means closed. What waits, waits here.
 */
export const SOCKET = /* lua */ `
local s = native.socket
local methods, class_of = {}, {}
local meta = { __index = methods }

function meta.__tostring(self) return self.class .. ': ' .. self.id end
function meta.__gc(self) s.close(self.id) end
local function new(id, class) return setmetatable({ id = id, class = class, timeout = nil }, meta) end

local function deadline_after(timeout)
  if timeout == nil or timeout < 0 then return nil end
  return timeout == 0 and 0 or s.gettime() + timeout
end

-- Waits for something to happen; false when the time is over.
local function wait_until(deadline)
  if deadline == nil then
    wait()
    return true
  end
  if deadline == 0 then return false end
  local left = deadline - s.gettime()
  if left <= 0 then return false end
  wait(left)
  return true
end

function methods:settimeout(value)
  self.timeout = value
  return 1
end
function methods:gettimeout() return self.timeout end

function methods:bind(host, port)
  s.bind(self.id, host, tonumber(port) or 0)
  while true do
    local ok, failure = s.bound(self.id)
    if ok then return 1 end
    if ok == nil then return nil, failure end
    wait()
  end
end

function methods:listen(backlog)
  local ok, failure = s.listen(self.id, backlog or 32)
  if not ok then return nil, failure end
  self.class = 'tcp{server}'
  return 1
end

function methods:accept()
  local deadline
  while true do
    local id = s.accept(self.id)
    if id then return new(id, 'tcp{client}') end
    if id == nil then return nil, 'closed' end
    deadline = deadline or deadline_after(self.timeout)
    if not wait_until(deadline) then return nil, 'timeout' end
  end
end

function methods:connect(host, port)
  s.connect(self.id, host, tonumber(port) or 0)
  local deadline = deadline_after(self.timeout)
  while true do
    local ok, failure = s.connected(self.id)
    if ok then
      self.class = 'tcp{client}'
      return 1
    end
    if ok == nil then return nil, failure end
    if not wait_until(deadline) then return nil, 'timeout' end
  end
end

function methods:receive(pattern, prefix)
  prefix = prefix or ''
  local kind, wanted = pattern or '*l', 0
  if type(kind) == 'number' or tonumber(kind) then
    wanted = tonumber(kind) - #prefix
    kind = 'n'
    if wanted <= 0 then return prefix end
  else
    kind = kind:gsub('^%*', ''):sub(1, 1)
    if kind ~= 'l' and kind ~= 'a' then error("bad argument #1 to 'receive' (invalid receive pattern)", 2) end
  end
  local deadline
  while true do
    local data = s.receive(self.id, kind, wanted)
    if data then return prefix == '' and data or prefix .. data end
    if data == nil then
      local rest = prefix .. s.take(self.id, kind)
      if kind == 'a' and rest ~= '' then return rest end
      return nil, 'closed', rest
    end
    deadline = deadline or deadline_after(self.timeout)
    if not wait_until(deadline) then return nil, 'timeout', prefix .. s.take(self.id, kind) end
  end
end

function methods:send(data, i, j)
  data = tostring(data)
  local size = #data
  local first, last = i or 1, j or size
  if first < 0 then first = math.max(size + first + 1, 1) elseif first == 0 then first = 1 end
  if last < 0 then last = size + last + 1 elseif last > size then last = size end
  local deadline
  while first <= last do
    local count = s.send(self.id, (first == 1 and last == size) and data or data:sub(first, last))
    if count == nil then return nil, 'closed', first - 1 end
    first = first + count
    if first > last then break end
    deadline = deadline or deadline_after(self.timeout)
    if not wait_until(deadline) then return nil, 'timeout', first - 1 end
  end
  return last
end

function methods:close()
  s.close(self.id)
  return 1
end
function methods:shutdown(how)
  s.shutdown(self.id, how or 'both')
  return 1
end
function methods:setoption(name, value) return s.setoption(self.id, name, value ~= false) end
function methods:getoption(name) return nil, 'unsupported option' end
function methods:getsockname() return s.getsockname(self.id) end
function methods:getpeername() return s.getpeername(self.id) end
function methods:getfd() return self.id end
function methods:dirty() return s.readable(self.id) end
function methods:getstats() return s.stats(self.id) end

local function ready(list, test)
  local found
  for _, object in ipairs(list or {}) do
    if test(object.id) then
      found = found or {}
      found[#found + 1] = object
      found[object] = #found
    end
  end
  return found
end

local socket = { _VERSION = 'LuaSocket 3.0.0', BLOCKSIZE = 2048, gettime = s.gettime }
function socket.tcp() return new(s.open(), 'tcp{master}') end
socket.tcp4, socket.tcp6 = socket.tcp, socket.tcp
function socket.bind(host, port, backlog)
  local object = socket.tcp()
  object:setoption('reuseaddr', true)
  local ok, failure = object:bind(host == '*' and '0.0.0.0' or host, port)
  if ok then ok, failure = object:listen(backlog) end
  if not ok then
    object:close()
    return nil, failure
  end
  return object
end
function socket.connect(host, port)
  local object = socket.tcp()
  local ok, failure = object:connect(host, port)
  if not ok then
    object:close()
    return nil, failure
  end
  return object
end
socket.connect4 = socket.connect
function socket.select(readers, writers, timeout)
  local deadline = deadline_after(timeout)
  while true do
    local r, w = ready(readers, s.readable), ready(writers, s.writable)
    if r or w then return r or {}, w or {}, nil end
    if not wait_until(deadline) then return {}, {}, 'timeout' end
  end
end
function socket.sleep(seconds)
  local last = s.gettime() + seconds
  while s.gettime() < last do wait(last - s.gettime()) end
end
function socket.skip(count, ...) return select(count + 1, ...) end
function socket.newtry(finalizer)
  return function(...)
    if (...) then return ... end
    if finalizer then pcall(finalizer) end
    error({ (select(2, ...)) }, 0)
  end
end
socket.try = socket.newtry()
function socket.protect(body)
  return function(...)
    local results = table.pack(pcall(body, ...))
    if results[1] then return table.unpack(results, 2, results.n) end
    if type(results[2]) == 'table' then return nil, results[2][1] end
    error(results[2], 0)
  end
end
socket.dns = { gethostname = function() return 'localhost' end }
function socket.dns.toip(name)
  if name == 'localhost' then return '127.0.0.1' end
  if name:match('^%d+%.%d+%.%d+%.%d+$') then return name end
  return nil, 'host not found'
end

if s.offered() then
  builtin['socket'] = function() return socket end
  builtin['socket.core'] = builtin['socket']
  -- Scripts that carry a compiled LuaSocket load it this way. Whatever the file, this is what it offers.
  function package.loadlib(_, name)
    if name == 'luaopen_socket_core' then return function() return socket end end
    return nil, 'no compiled modules here', 'open'
  end
else
  function package.loadlib() return nil, 'no compiled modules here', 'open' end
end
`;
