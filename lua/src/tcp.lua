-- The usual transport: the script listens on loopback, bridges connect. One listening socket for the script's life,
-- one client at a time, everything without waiting except under LOCK.

local client = require('client')

local tcp = {}
tcp.__index = tcp

local find, format, max, min = string.find, string.format, math.max, math.min

local FIRST_PORT, LAST_PORT = 43055, 43060
local BACKLOG = 16
local BIND_RETRY_SECONDS = 2
-- A client that is silent for this long is gone, greeted or not.
local SILENCE_SECONDS = 5
-- LOCK ends after this much silence, and after this long however much is said.
local LOCK_SILENCE_SECONDS, LOCK_SECONDS = 2, 10
-- Sockets that were accepted and have not greeted yet.
local MAX_STRANGERS = 4
-- Without a pass for this long the emulator stood still, and nobody's silence counts.
local STANDSTILL_SECONDS = 1
-- One line is always answered in the time of a frame; further ones while work takes less than this share of the
-- time, so that a chatty client costs the same when the emulator runs fast-forward.
local FRAME_SECONDS, WORK_SHARE, MOST_SAVED_SECONDS = 1 / 60, 0.25, 0.005

function tcp.new(core, batch, say, options)
  return setmetatable({
    core = core,
    batch = batch,
    say = say,
    token = options.token,
    port = options.port,
    clock = core.gettime,
    windows = options.windows,
    strangers = {},
    looked = core.gettime(),
    bind_after = 0,
    answered = 0,
    allowance = 0,
    locked_since = false,
  }, tcp)
end

local function listen_on(core, port, windows)
  local socket = (core.tcp4 or core.tcp)()
  -- On Windows address reuse would let a second script share the port.
  if not windows then
    socket:setoption('reuseaddr', true)
  end
  if socket:bind('127.0.0.1', port) and socket:listen(BACKLOG) then
    socket:settimeout(0)
    return socket
  end
  socket:close()
  return nil
end

function tcp:listen(now)
  if now < self.bind_after then
    return
  end
  self.bind_after = now + BIND_RETRY_SECONDS
  local first, last = self.port or FIRST_PORT, self.port or LAST_PORT
  for port = first, last do
    self.server = listen_on(self.core, port, self.windows)
    if self.server then
      local _, actual = self.server:getsockname()
      self.say(format('waiting for a bridge on 127.0.0.1:%d', tonumber(actual) or port))
      return
    end
  end
  if not self.told_of_ports then
    self.told_of_ports = true
    self.say(format('no free port from %d to %d; trying again until there is one', first, last))
  end
end

function tcp:drop(why)
  local gone = self.client
  self.client, self.locked_since = nil, false
  self.batch:forget_client()
  gone:close()
  self.say('bridge left: ' .. why)
end

local function turn_away(strangers)
  for i = #strangers, 1, -1 do
    strangers[i]:close()
    strangers[i] = nil
  end
end

function tcp:accept(now)
  for _ = 1, BACKLOG do
    local socket = self.server:accept()
    if not socket then
      return
    end
    if self.client then
      socket:close()
    else
      if #self.strangers >= MAX_STRANGERS then
        table.remove(self.strangers, 1):close()
      end
      self.strangers[#self.strangers + 1] = client.new(socket, now)
    end
  end
end

-- What a first line is answered with, or nil when it is no greeting. Requests before a greeting are refused because
-- a web page can post lines to a loopback port, but not without sending its own headers first.
function tcp:welcome(line)
  if line == 'VERSION' or (self.token and line == 'TOKEN ' .. self.token) then
    return '1'
  end
  return nil
end

-- Looks at one stranger; true when it has to go.
function tcp:meet(stranger, now)
  local line = stranger:next_line()
  if line then
    local answer = self:welcome(line)
    if not answer then
      if find(line, '^%s*[%[{]') then
        stranger:send('[{"type":"ERROR","err":"say VERSION first"}]')
      end
      return true
    end
    stranger.heard = now
    self.client = stranger
    self.say('bridge connected')
    if not stranger:send(answer) then
      self:drop('the connection broke')
    end
    return false
  end
  return stranger.ending or stranger.lines.overlong or stranger:impolite() or now - stranger.heard > SILENCE_SECONDS
end

function tcp:meet_strangers(now)
  local strangers = self.strangers
  for i = #strangers, 1, -1 do
    local stranger = strangers[i]
    local leaves = self:meet(stranger, now)
    if leaves or self.client then
      table.remove(strangers, i)
    end
    if leaves then
      stranger:close()
    end
    if self.client then
      turn_away(strangers)
      return
    end
  end
end

function tcp:answer(line, now)
  local current, batch = self.client, self.batch
  current.heard = now
  local text = line == 'VERSION' and '1' or batch:answer(line)
  if batch.locked then
    self.locked_since = self.locked_since or now
  else
    self.locked_since = false
  end
  if not current:send(text) then
    self:drop('the connection broke')
  end
end

-- Whether another line may be answered now, by what lines have cost lately.
function tcp:may_work(now)
  return self.allowance > 0 or now - self.answered >= FRAME_SECONDS
end

-- Answers lines that are there or become so, until the client is silent, work has taken its share, or the peer must
-- read first.
function tcp:work(now)
  local current = self.client
  if not self:may_work(now) and not current:clogged() and not current.lines:waiting() then
    -- Its end is noticed in time all the same.
    current:receive()
  end
  while self.client and not self.client:clogged() and (self.locked_since or self:may_work(now)) do
    local line = self.client:next_line()
    if not line then
      return
    end
    self:answer(line, now)
    local after = self.clock()
    self.allowance = self.allowance - (after - now)
    self.answered, now = now, after
    if self.locked_since then
      return
    end
  end
end

-- While locked the emulator stands still in here, and the client gets its answers at once.
function tcp:hold(now)
  local silent_since = now
  while self.client and self.locked_since do
    self:accept(now)
    local left = min(silent_since + LOCK_SILENCE_SECONDS, self.locked_since + LOCK_SECONDS) - now
    if left <= 0 then
      self.batch.locked, self.locked_since = false, false
      return
    end
    local current = self.client
    if current:clogged() then
      if not current:flush(left) then
        return self:drop('the connection broke')
      end
    else
      local line = current:next_line(left)
      now = self.clock()
      if line then
        silent_since = now
        self:answer(line, now)
      elseif current.ending or current.lines.overlong then
        return
      end
    end
    now = self.clock()
  end
end

-- Ends connections that have nothing more to say, or nothing right.
function tcp:part(now)
  local current = self.client
  if current.lines.overlong then
    current:send('[{"type":"ERROR","err":"line too long"}]')
    self:drop('it sent a line without end')
  elseif current.ending and not current.lines:waiting() and not current:clogged() then
    self:drop('it closed the connection')
  elseif now - current.heard > SILENCE_SECONDS then
    self:drop('it was silent for too long')
  end
end

function tcp:serve(now)
  local current = self.client
  local unread = current.sent
  if not current:flush() then
    return self:drop('the connection broke')
  end
  if current.sent ~= unread then
    current.heard = now
  end
  self:work(now)
  if self.client and self.locked_since then
    now = self.clock()
    self:hold(now)
    now = self.clock()
    self.looked = now
  end
  if self.client then
    self:part(now)
  end
end

-- The work of one pass of the emulator's loop.
function tcp:step()
  local now = self.clock()
  local gap = now - self.looked
  self.looked = now
  self.allowance = min(MOST_SAVED_SECONDS, self.allowance + max(gap, 0) * WORK_SHARE)
  if gap > STANDSTILL_SECONDS or gap < 0 then
    self:excuse(gap)
  end
  self.batch.messages:show(now)
  if not self.server then
    self:listen(now)
    return
  end
  -- The client first: one that has left makes room for the newcomer who may be itself, reconnecting.
  if self.client then
    self:serve(now)
  end
  self:accept(now)
  if self.strangers[1] then
    self:meet_strangers(now)
    if self.client then
      self:serve(now)
    end
  end
end

-- The emulator stood still (or the clock was set back): the peers' silence begins again.
function tcp:excuse(gap)
  if self.client then
    self.client.heard = self.client.heard + gap
  end
  for _, stranger in ipairs(self.strangers) do
    stranger.heard = stranger.heard + gap
  end
  if gap < 0 then
    self.answered, self.bind_after = 0, 0
  end
end

function tcp:close()
  turn_away(self.strangers)
  if self.client then
    self.client:close()
    self.client = nil
  end
  if self.server then
    self.server:close()
    self.server = nil
  end
end

return tcp
