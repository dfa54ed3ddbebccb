-- One accepted socket: what it sent and has not been answered yet, and what it has not taken yet. Never waits
-- unless told for how long.

local lines = require('lines')

local client = {}
client.__index = client

local sub = string.sub

-- Longest line a client may send. A batch of a thousand requests is a tenth of it.
local MAX_LINE_BYTES = 1024 * 1024
-- LuaSocket's own step; more would only be copied twice.
local CHUNK_BYTES = 8192

function client.new(socket, now)
  socket:settimeout(0)
  socket:setoption('tcp-nodelay', true)
  return setmetatable({
    socket = socket,
    lines = lines.new(MAX_LINE_BYTES),
    outgoing = '',
    sent = 0,
    heard = now,
    -- The peer has finished sending; what it sent whole is still answered.
    ending = false,
  }, client)
end

-- Takes one chunk of what has arrived. `seconds` waits up to that long for the first byte. True when there was
-- something.
function client:receive(seconds)
  local data, problem, partial
  local first = ''
  if seconds then
    self.socket:settimeout(seconds)
    data, problem = self.socket:receive(1)
    self.socket:settimeout(0)
    if not data then
      self.ending = problem ~= 'timeout'
      return false
    end
    first = data
  end
  data, problem, partial = self.socket:receive(CHUNK_BYTES)
  data = data or partial or ''
  if problem and problem ~= 'timeout' then
    self.ending = true
  end
  if data == '' and first == '' then
    return false
  end
  self.lines:push(first .. data)
  return true
end

-- The next whole line, receiving as much as that takes and no more, or nil.
function client:next_line(seconds)
  local taken = 0
  while true do
    local line = self.lines:next()
    -- A peer that sends without a pause must not hold the frame.
    if line or self.lines.overlong or self.ending or taken >= 64 then
      return line
    end
    if not self:receive(seconds) then
      return nil
    end
    seconds = nil
    taken = taken + 1
  end
end

-- Whether an answer is still waiting for the peer to read it.
function client:clogged()
  return self.outgoing ~= ''
end

-- Hands over as much of the waiting answer as the peer's buffers take. False when the peer is gone.
function client:flush(seconds)
  if self.outgoing == '' then
    return true
  end
  if seconds then
    self.socket:settimeout(seconds)
  end
  local last, problem, last_of_part = self.socket:send(self.outgoing, self.sent + 1)
  if seconds then
    self.socket:settimeout(0)
  end
  self.sent = last or last_of_part or self.sent
  if self.sent >= #self.outgoing then
    self.outgoing, self.sent = '', 0
  end
  return last ~= nil or problem == 'timeout'
end

-- Sends one line. False when the peer is gone.
function client:send(text)
  self.outgoing = sub(self.outgoing, self.sent + 1) .. text .. '\n'
  self.sent = 0
  return self:flush()
end

-- Whether what has arrived so far cannot become a greeting: a browser, or something else that talks first.
function client:impolite()
  local rest = self.lines:rest()
  return rest ~= sub('VERSION\r', 1, #rest) and sub(rest, 1, 6) ~= sub('TOKEN ', 1, #rest)
end

function client:close()
  self.socket:close()
end

return client
