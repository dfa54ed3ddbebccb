-- On-screen messages: a first-in first-out queue that belongs to the script, not to a connection, and drains at one
-- message a frame or slower.

local messages = {}
messages.__index = messages

-- A client that queues faster than the screen shows would grow the queue for ever.
local MAX_QUEUED = 1000
local MAX_BYTES = 1024
-- Passes can be more frequent than frames, and a message has to stand for a frame at least. Only when there has been no
-- frame for this long is the emulator taken to be paused.
local PAUSED_SECONDS = 0.25

function messages.new(host)
  return setmetatable(
    { host = host, queue = {}, first = 1, last = 0, interval = 0, due = 0, shown_at = 0, shown_frame = -1 },
    messages
  )
end

-- Queues `text`; false when the queue is full.
function messages:add(text)
  if self.last - self.first + 1 >= MAX_QUEUED then
    return false
  end
  if #text > MAX_BYTES then
    -- Not through the middle of a UTF-8 sequence.
    text = text:sub(1, MAX_BYTES + 1):gsub('[\192-\255]?[\128-\191]*.$', '')
  end
  self.last = self.last + 1
  self.queue[self.last] = text
  return true
end

-- Seconds between two messages, from the next message on.
function messages:pace(seconds)
  self.interval = seconds
end

-- Shows the next message if there is one and it is due.
function messages:show(now)
  if self.first > self.last or now < self.due then
    return
  end
  local frame = self.host.frame()
  if frame == self.shown_frame and now < self.shown_at + PAUSED_SECONDS then
    return
  end
  local text = self.queue[self.first]
  self.queue[self.first] = nil
  self.first = self.first + 1
  self.shown_frame, self.shown_at = frame, now
  self.due = now + self.interval
  self.host.message(text)
end

return messages
