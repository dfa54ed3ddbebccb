local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local batch = require('batch')
local fakes = require('fakes')
local messages = require('messages')
local tcp = require('tcp')
local equal, test, truthy = check.equal, check.test, check.truthy

local PING, PONG = '[{"type":"PING"}]\n', '[{"type":"PONG"}]'

local function fresh(options)
  local core, host, said = fakes.core(), fakes.host(), {}
  local transport = tcp.new(core, batch.new(host, messages.new(host), '1.0.0'), function(text)
    said[#said + 1] = text
  end, options or {})
  local function pass(seconds)
    core.now = core.now + (seconds or 1 / 60)
    transport:step()
  end
  pass()
  return transport, core, pass, said
end

local function greeted(core, pass)
  local client = core.connect()
  client.input = 'VERSION\n'
  pass()
  equal(client:answers(), { '1' })
  return client
end

test('the first free port of the six, with address reuse except on Windows', function()
  for taken = 0, 5 do
    local core, host = fakes.core(), fakes.host()
    for port = 43055, 43054 + taken do
      core.taken[port] = true
    end
    local transport = tcp.new(
      core,
      batch.new(host, messages.new(host), '1.0.0'),
      function() end,
      { windows = taken == 1 }
    )
    transport:step()
    equal(core.listening.port, 43055 + taken)
    equal(core.listening.options.reuseaddr or false, taken ~= 1)
  end
end)

test('without a free port it says so once and tries again', function()
  local core, host, said = fakes.core(), fakes.host(), {}
  for port = 43055, 43060 do
    core.taken[port] = true
  end
  local transport = tcp.new(core, batch.new(host, messages.new(host), '1.0.0'), function(text)
    said[#said + 1] = text
  end, {})
  for _ = 1, 600 do
    core.now = core.now + 1 / 60
    transport:step()
  end
  equal(#said, 1)
  core.taken[43058] = nil
  for _ = 1, 150 do
    core.now = core.now + 1 / 60
    transport:step()
  end
  equal(core.listening.port, 43058)
end)

test('a chosen port is the only one', function()
  local _, core = fresh({ port = 51234 })
  equal(core.listening.port, 51234)
end)

test('answers are not held back by the network layer', function()
  local _, core, pass = fresh()
  truthy(greeted(core, pass).options['tcp-nodelay'])
end)

test('a token is a greeting when it is the right one', function()
  local _, core, pass = fresh({ token = 'sesame' })
  local greetings = { ['TOKEN sesame'] = { '1' }, ['TOKEN sesam'] = {}, ['TOKEN '] = {}, VERSION = { '1' } }
  for line, answers in pairs(greetings) do
    local client = core.connect()
    client.input = line .. '\n'
    pass()
    equal(client:answers(), answers, line)
    equal(client.closed or false, #answers == 0, line)
    client.ended = true
    pass()
  end
end)

test('nothing is allocated on an idle frame, with and without a client', function()
  local _, core, pass = fresh()
  local function allocated(passes)
    for _ = 1, 100 do
      pass()
    end
    collectgarbage()
    collectgarbage('stop')
    -- A collection also shrinks the stack, which grows again once.
    pass()
    local before = collectgarbage('count')
    for _ = 1, passes do
      pass()
    end
    local after = collectgarbage('count')
    collectgarbage('restart')
    return after - before
  end
  equal(allocated(1000), 0, 'nobody there')
  greeted(core, pass)
  equal(allocated(100), 0, 'a silent client')
end)

test('a message waits for nobody and idles without garbage afterwards', function()
  local transport, core, pass = fresh()
  local client = greeted(core, pass)
  client.input = '[{"type":"DISPLAY_MESSAGE","message":"hello"}]\n'
  pass()
  pass()
  equal(transport.batch.host.shown, { 'hello' })
end)

test('five silent seconds end a connection; standing still does not', function()
  local _, core, pass = fresh()
  local client = greeted(core, pass)
  for _ = 1, 20 do
    pass(60)
  end
  truthy(not client.closed, 'the emulator stood still')
  for _ = 1, 280 do
    pass()
  end
  truthy(not client.closed)
  client.input = PING
  pass()
  for _ = 1, 280 do
    pass()
  end
  truthy(not client.closed)
  for _ = 1, 40 do
    pass()
  end
  truthy(client.closed)
end)

test('a clock that jumps back does no harm', function()
  local _, core, pass = fresh()
  local client = greeted(core, pass)
  pass(-86400)
  client.input = PING
  pass()
  equal(client:answers(), { PONG })
  truthy(not client.closed)
end)

test('several lines in one frame, but no more than the share of time allows', function()
  local transport, core, pass = fresh()
  local client = greeted(core, pass)
  -- Every line costs a millisecond of the frame.
  local answer = transport.batch.answer
  function transport.batch.answer(...)
    core.now = core.now + 0.001
    return answer(...)
  end
  client.input = PING:rep(100)
  pass()
  local first = #client:answers()
  truthy(first > 1 and first < 8, first)
  local frames = 1
  local answered = first
  while answered < 100 do
    pass()
    frames = frames + 1
    local now = #client:answers()
    truthy(now >= 1 and now < 8, now)
    answered = answered + now
  end
  truthy(frames > 15 and frames < 60, frames)
end)

test('in fast-forward work stays a share of the time', function()
  local transport, core, pass = fresh()
  local client = greeted(core, pass)
  local answer, worked = transport.batch.answer, 0
  function transport.batch.answer(...)
    core.now = core.now + 0.001
    worked = worked + 0.001
    return answer(...)
  end
  local start = core.now
  client.input = PING:rep(2000)
  for _ = 1, 1000 do
    pass(0.001)
  end
  local share = worked / (core.now - start)
  truthy(share > 0.1 and share < 0.35, share)
end)

test('an answer that does not fit is sent on, and nothing more is read meanwhile', function()
  local _, core, pass = fresh()
  local client = greeted(core, pass)
  client.room = 10
  client.input = PING .. '[{"type":"SYSTEM"}]\n'
  pass()
  equal(client.output, '[{"type":"')
  client.room = 4
  pass()
  equal(client.output, '[{"type":"PONG')
  client.room = math.huge
  pass()
  equal(client:answers(), { PONG, '[{"type":"SYSTEM_RESPONSE","value":"NES"}]' })
end)

test('who never reads is let go after five seconds', function()
  local _, core, pass = fresh()
  local client = greeted(core, pass)
  client.room = 3
  client.input = PING
  for _ = 1, 330 do
    pass()
  end
  truthy(client.closed)
end)

test('LOCK answers at once, and lasts two silent seconds', function()
  local _, core, pass = fresh()
  local client = greeted(core, pass)
  client.input = '[{"type":"LOCK"}]\n' .. PING:rep(3)
  local before = core.now
  pass()
  equal(client:answers(), { '[{"type":"LOCKED"}]', PONG, PONG, PONG })
  local held = core.now - before
  truthy(held > 1.9 and held < 2.1, held)
  truthy(not client.closed)
end)

test('LOCK lasts ten seconds at most, however much is said', function()
  local transport, core, pass = fresh()
  local client = greeted(core, pass)
  local receive = client.receive
  function client.receive(self, count)
    if self.input == '' and self.timeout > 0 then
      core.now = core.now + 0.5
      self.input = PING
    end
    return receive(self, count)
  end
  client.input = '[{"type":"LOCK"}]\n'
  local before = core.now
  pass()
  local held = core.now - before
  truthy(held > 9.5 and held < 11, held)
  equal(transport.batch.locked, false)
end)

test('a client that leaves under LOCK frees the emulator at once', function()
  local transport, core, pass = fresh()
  local client = greeted(core, pass)
  client.input = '[{"type":"LOCK"}]\n'
  client.ended = true
  local before = core.now
  pass()
  truthy(core.now - before < 0.1)
  equal(transport.batch.locked, false)
  truthy(client.closed)
end)

test('of many who knock, those who speak are served; the oldest silent one makes room', function()
  local _, core, pass = fresh()
  local silent = {}
  for i = 1, 6 do
    silent[i] = core.connect()
    pass()
  end
  truthy(silent[1].closed and silent[2].closed)
  truthy(not silent[6].closed)
  greeted(core, pass)
  for i = 1, 6 do
    truthy(silent[i].closed, i)
  end
  local late = core.connect()
  pass()
  truthy(late.closed)
end)

test('one listening socket for life', function()
  local transport, core, pass = fresh()
  local server = core.listening
  for _ = 1, 30 do
    local client = greeted(core, pass)
    client.ended = true
    pass()
    truthy(client.closed)
  end
  truthy(not server.closed)
  truthy(core.listening == server)
  transport:close()
  truthy(server.closed)
end)

check.done()
