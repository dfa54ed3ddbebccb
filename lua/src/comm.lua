-- The second transport, for emulators without LuaSocket: BizHawk's own outgoing socket. The emulator asks, the bridge
-- answers at once, because the socket can neither be polled nor read without waiting. Text is ASCII on both ways.

local json = require('json')

local comm = {}
comm.__index = comm

local concat, min = table.concat, math.min

-- A bridge answers within a millisecond; this is for one that has stopped.
local ANSWER_MILLISECONDS = 1000
local LOCK_SILENCE_SECONDS, LOCK_SECONDS = 2, 10
-- After a failure the emulator must not stand still again at once.
local FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1, 30

-- `socket` is the emulator's `comm` table. Nil when it has been given no address to connect to.
function comm.new(socket, batch, say, options)
  local ok, port = pcall(socket.socketServerGetPort)
  port = ok and tonumber(port) or 0
  if port <= 0 then
    return nil
  end
  local self = setmetatable({
    socket = socket,
    batch = batch,
    say = say,
    token = options.token,
    port = port,
    clock = options.clock,
    seq = 0,
    answer = 'null',
    answers = 'null',
    ask_after = 0,
    pause = FIRST_PAUSE_SECONDS,
    finished = false,
  }, comm)
  socket.socketServerSetTimeout(ANSWER_MILLISECONDS)
  say("talking to the bridge through the emulator's own socket")
  return self
end

-- One frame to the bridge: who this is, where the game stands, and the answer to the batch that came last.
function comm:poll_text()
  local host = self.batch.host
  self.seq = self.seq + 1
  return concat({
    '{"causeway":1,"seq":',
    json.number(self.seq),
    ',"frame":',
    json.number(host.frame()),
    ',"system":',
    json.string(host.system()),
    ',"hash":',
    json.string(host.hash()),
    ',"connector":',
    json.string(self.batch.version),
    ',"token":',
    self.token and json.string(self.token) or 'null',
    ',"answers":',
    self.answers,
    ',"answer":',
    self.answer,
    '}',
  })
end

-- After a time-out the stream may stand in the middle of a frame, and only a new connection puts it in step again.
-- A new socket has no time-out until it is given one.
function comm:reconnect(now)
  self.ask_after = now + self.pause
  self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)
  self.batch:forget_client()
  if pcall(self.socket.socketServerSetPort, self.port) then
    self.socket.socketServerSetTimeout(ANSWER_MILLISECONDS)
  end
  if not self.told then
    self.told = true
    self.say('the bridge does not answer; trying again')
  end
end

-- Asks once and carries out what comes back. True when that was anything.
function comm:exchange(now)
  local sent = self.socket.socketServerSend(self:poll_text())
  local text = (not sent or sent > 0) and self.socket.socketServerResponse() or ''
  if text == '' then
    self:reconnect(now)
    return false
  end
  self.told, self.pause = false, FIRST_PAUSE_SECONDS
  self.answer, self.answers = 'null', 'null'
  if text == 'BYE' then
    self.finished = true
    self.batch:forget_client()
    self.say('the bridge said goodbye; restart the script to connect again')
    return false
  end
  if text == '[]' then
    return false
  end
  self.answer, self.answers = self.batch:answer(text), json.number(self.seq)
  return true
end

-- While locked the emulator stands still in here.
function comm:hold(now)
  local locked_since, silent_since = now, now
  while self.batch.locked do
    if now - silent_since >= LOCK_SILENCE_SECONDS or now - locked_since >= LOCK_SECONDS then
      self.batch.locked = false
    elseif self:exchange(now) then
      silent_since = now
    end
    now = self.clock()
  end
end

function comm:step()
  local now = self.clock()
  self.batch.messages:show(now)
  if self.finished or now < self.ask_after then
    return
  end
  self:exchange(now)
  if self.batch.locked then
    self:hold(self.clock())
  end
end

-- The emulator closes its own socket.
function comm.close() end

return comm
