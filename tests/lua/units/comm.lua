local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local batch = require('batch')
local comm = require('comm')
local fakes = require('fakes')
local json = require('json')
local messages = require('messages')
local equal, test, truthy = check.equal, check.test, check.truthy

-- BizHawk's comm table; `answers` are what the bridge says next, '' being a time-out.
local function fake_socket(answers)
  local socket = { sent = {}, timeouts = {}, connects = 0, port = 5000 }
  function socket.socketServerGetPort()
    return socket.port
  end
  function socket.socketServerSetPort(port)
    if socket.refuses then
      error('refused')
    end
    socket.connects = socket.connects + 1
    socket.port = port
  end
  function socket.socketServerSetTimeout(milliseconds)
    socket.timeouts[#socket.timeouts + 1] = milliseconds
  end
  function socket.socketServerSend(text)
    socket.sent[#socket.sent + 1] = json.decode(text)
    return socket.unsent and -1 or #text
  end
  function socket.socketServerResponse()
    return table.remove(answers, 1) or '[]'
  end
  return socket
end

local function fresh(answers, token)
  local host, said, clock = fakes.host(), {}, { now = 100 }
  local socket = fake_socket(answers)
  local the_batch = batch.new(host, messages.new(host), '1.0.0')
  local transport = comm.new(socket, the_batch, function(text)
    said[#said + 1] = text
  end, {
    token = token,
    clock = function()
      return clock.now
    end,
  })
  return transport, socket, clock, said, host
end

test('without an address there is no transport', function()
  for _, port in ipairs({ false, 0, '' }) do
    local socket = fake_socket({})
    function socket.socketServerGetPort()
      return port or nil
    end
    equal(comm.new(socket, nil, nil, {}), nil)
  end
end)

test('it says who it is and answers the batch that came', function()
  local transport, socket = fresh({ '[{"type":"PING"},{"type":"NOPE"}]', '[]', '[]' }, 'sesame')
  for _ = 1, 3 do
    transport:step()
  end
  local first, second, third = socket.sent[1], socket.sent[2], socket.sent[3]
  equal(first.causeway, 1)
  equal({ first.seq, second.seq, third.seq }, { 1, 2, 3 })
  equal({ first.frame, first.system, first.hash }, { 0, 'NES', 'ABCD' })
  equal({ first.connector, first.token }, { '1.0.0', 'sesame' })
  equal(first.answer, json.null)
  equal(second.answers, 1)
  equal(second.answer[1], { type = 'PONG' })
  equal(second.answer[2].type, 'ERROR')
  equal(third.answer, json.null)
  equal(socket.timeouts, { 1000 })
end)

test('one question a pass, none while the bridge is away', function()
  local transport, socket, clock, said = fresh({ '[]', '', '', '[]' })
  transport:step()
  transport:step()
  equal(#socket.sent, 2)
  equal(socket.connects, 1, 'a time-out is followed by a new connection')
  equal(socket.timeouts, { 1000, 1000 }, 'which needs its time-out again')
  transport:step()
  equal(#socket.sent, 2, 'not at once')
  clock.now = clock.now + 1
  transport:step()
  equal(#socket.sent, 3)
  clock.now = clock.now + 1
  transport:step()
  equal(#socket.sent, 3, 'and less often')
  clock.now = clock.now + 1
  transport:step()
  transport:step()
  equal(#socket.sent, 5, 'until it is back')
  equal(#said, 2)
end)

test('an answer that may not have arrived is given again', function()
  local transport, socket, clock = fresh({ '[{"type":"PING"}]', '', '[]', '[]' })
  transport:step()
  transport:step()
  clock.now = clock.now + 1
  transport:step()
  equal(socket.sent[2].answer, { { type = 'PONG' } })
  equal(socket.sent[3].answer, { { type = 'PONG' } })
  equal({ socket.sent[2].answers, socket.sent[3].answers }, { 1, 1 })
  transport:step()
  equal(socket.sent[4].answer, json.null)
end)

test('a bridge that cannot be reached is not waited for', function()
  local transport, socket, clock = fresh({})
  socket.unsent, socket.refuses = true, true
  for _ = 1, 100 do
    transport:step()
    clock.now = clock.now + 1
  end
  truthy(#socket.sent < 10, #socket.sent)
end)

test('BYE ends it', function()
  local transport, socket = fresh({ 'BYE' })
  for _ = 1, 5 do
    transport:step()
  end
  equal(#socket.sent, 1)
end)

test('LOCK keeps asking in the same pass, until UNLOCK or two seconds without requests', function()
  local transport, socket, _, _, host =
    fresh({ '[{"type":"LOCK"}]', '[]', '[{"type":"PING"}]', '[{"type":"UNLOCK"}]', '[]' })
  transport:step()
  equal(#socket.sent, 4)
  equal(transport.batch.locked, false)
  local other, other_socket, clock = fresh({ '[{"type":"LOCK"}]' })
  local respond = other_socket.socketServerResponse
  function other_socket.socketServerResponse()
    clock.now = clock.now + 0.1
    return respond()
  end
  other:step()
  equal(other.batch.locked, false)
  truthy(clock.now < 103)
  equal(host.shown, {})
end)

test('broken lines are answered like any other', function()
  local transport, socket = fresh({ 'nonsense', '[]' })
  transport:step()
  transport:step()
  equal(socket.sent[2].answer[1].type, 'ERROR')
end)

check.done()
