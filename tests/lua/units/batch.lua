local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local batch = require('batch')
local fakes = require('fakes')
local json = require('json')
local messages = require('messages')
local equal, test, truthy = check.equal, check.test, check.truthy

local function fresh()
  local host = fakes.host()
  return batch.new(host, messages.new(host), '1.2.3'), host
end

local function types_of(text)
  local types = {}
  for i, answer in ipairs(json.decode(text)) do
    types[i] = answer.type
  end
  return table.concat(types, ' ')
end

local GUARD = '{"type":"GUARD","address":%d,"expected_data":"%s","domain":"RAM"}'
local WRITE = '{"type":"WRITE","address":%d,"value":"%s","domain":"RAM"}'
local READ = '{"type":"READ","address":%d,"size":%d,"domain":"RAM"}'

test('reads and writes, in the order sent', function()
  local context = fresh()
  local line = '[' .. READ:format(1, 2) .. ',' .. WRITE:format(1, '/w==') .. ',' .. READ:format(1, 2) .. ']'
  local read = '{"type":"READ_RESPONSE","value":"%s"}'
  equal(context:answer(line), '[' .. read:format('AQI=') .. ',{"type":"WRITE_RESPONSE"},' .. read:format('/wI=') .. ']')
end)

test('any spacing and any order of fields mean the same', function()
  local expected = '[{"type":"READ_RESPONSE","value":"Ag=="}]'
  for _, line in ipairs({
    '[{"type":"READ","address":2,"size":1,"domain":"RAM"}]',
    '[{"type": "READ", "address": 2, "size": 1, "domain": "RAM"}]',
    ' [ { "domain" : "RAM" , "size" : 1 , "address" : 2 , "type" : "READ" } ] ',
    '[{"type":"READ","address":2.0,"size":1e0,"domain":"RAM","extra":[{}]}]',
    '[{"type":"READ","address":"2","size":1,"domain":"RAM"}]',
    '[{"type":"READ","address":2,"size":1,"domain":"R\\u0041M"}]',
  }) do
    local context = fresh()
    for _ = 1, 4 do
      equal(context:answer(line), expected, line)
    end
  end
end)

test('a line that comes again is carried out again', function()
  local context, host = fresh()
  local line = '[' .. READ:format(5, 1) .. ']'
  for value = 1, 5 do
    host.bytes[5] = string.char(value)
    equal(
      context:answer(line),
      '[{"type":"READ_RESPONSE","value":"' .. ({ 'AQ', 'Ag', 'Aw', 'BA', 'BQ' })[value] .. '=="}]'
    )
  end
end)

test('lines do not leak into each other', function()
  local context, host = fresh()
  for i = 1, 200 do
    local at = i % 7 + 20
    local line = '[' .. WRITE:format(at, 'AA==') .. ',' .. GUARD:format(at, 'AA==') .. ',' .. READ:format(at, 1) .. ']'
    equal(types_of(context:answer(line)), 'WRITE_RESPONSE GUARD_RESPONSE READ_RESPONSE')
    equal(
      types_of(context:answer('[' .. READ:format(i % 7, 1) .. ',{"type":"WRITE","address":1}]')),
      'READ_RESPONSE ERROR'
    )
    equal(host.bytes[1], '\1')
  end
end)

test('a failed guard: what stood before is done, what follows is a copy', function()
  local context, host = fresh()
  local guard = '{"type":"GUARD_RESPONSE","value":false,"address":9}'
  local line = '['
    .. table.concat(
      { WRITE:format(3, '/w=='), GUARD:format(9, 'AA=='), WRITE:format(4, '/w=='), '{"type":"LOCK"}', '7' },
      ','
    )
    .. ']'
  equal(context:answer(line), '[{"type":"WRITE_RESPONSE"},' .. (guard .. ','):rep(3) .. guard .. ']')
  equal(host.bytes[3], '\255')
  equal(host.bytes[4], '\4')
  equal(context.locked, false)
end)

test('guards that hold, empty ones included, let the rest through', function()
  local context = fresh()
  local line = '[' .. GUARD:format(9, 'CQo=') .. ',' .. GUARD:format(9, '') .. ',{"type":"PING"}]'
  equal(types_of(context:answer(line)), 'GUARD_RESPONSE GUARD_RESPONSE PONG')
end)

test('a guard that errs ends the batch with copies of its error', function()
  local context, host = fresh()
  for _, guard in ipairs({
    '{"type":"GUARD","address":1,"domain":"RAM"}',
    '{"type":"GUARD","address":1,"expected_data":"A","domain":"RAM"}',
    '{"type":"GUARD","expected_data":"AA==","domain":"RAM"}',
    GUARD:format(13, 'AA=='),
  }) do
    local answers = json.decode(context:answer('[{"type":"PING"},' .. guard .. ',' .. WRITE:format(2, '/w==') .. ']'))
    equal(#answers, 3)
    equal(answers[2].type, 'ERROR')
    equal(answers[3], answers[2])
  end
  equal(host.bytes[2], '\2')
end)

test('any other request that errs leaves the rest alone', function()
  local context = fresh()
  local line = '['
    .. table.concat(
      { READ:format(13, 1), '{}', '1', '"PING"', 'null', '[1]', '{"type":"NOPE"}', '{"type":5}', '{"type":"PING"}' },
      ','
    )
    .. ']'
  local answers = json.decode(context:answer(line))
  equal(#answers, 9)
  equal(answers[1].err, 'memory is tired')
  equal(answers[7].err, 'Unknown command: NOPE')
  equal(answers[8].err, 'Unknown command: 5')
  equal(answers[9].type, 'PONG')
end)

test('failures that are objects are reported as the reference does', function()
  local context, host = fresh()
  function host.read()
    error({})
  end
  equal(context:answer('[' .. READ:format(1, 1) .. ']'), '[{"type":"ERROR","err":"Unknown error"}]')
end)

test('LOCK and UNLOCK leave the last word', function()
  local context = fresh()
  for line, locked in pairs({
    ['[{"type":"LOCK"}]'] = true,
    ['[{"type":"LOCK"},{"type":"UNLOCK"}]'] = false,
    ['[{"type":"UNLOCK"},{"type":"LOCK"}]'] = true,
    ['[{"type":"LOCK"},{"type":"LOCK"}]'] = true,
    ['[{"type":"UNLOCK"}]'] = false,
  }) do
    context:forget_client()
    context:answer(line)
    equal(context.locked, locked, line)
  end
end)

test('lines that are no requests', function()
  local context, host = fresh()
  for line, expected in pairs({ ['[]'] = '', ['{}'] = '', ['{"type":"PING"}'] = '', ['"PING"'] = '', ['[ ]'] = '' }) do
    equal(types_of(context:answer(line)), expected, line)
  end
  local write = WRITE:format(2, '/w==')
  for _, line in ipairs({
    '',
    '1',
    'null',
    'true',
    '[' .. write,
    '[' .. write .. ',]',
    '[' .. write .. ']x',
    write .. ']',
  }) do
    equal(types_of(context:answer(line)), 'ERROR', line)
  end
  equal(host.bytes[2], '\2')
  equal(types_of(context:answer('[' .. ('{},'):rep(10000) .. '{}]')), 'ERROR')
end)

test('another ROM under the script is noticed', function()
  local context, host = fresh()
  host.rom_changes = true
  local strict = '[{"type":"STRICT","value":true},{"type":"READ","address":0,"size":1,"domain":"WRAM"}]'
  equal(types_of(context:answer(strict)), 'STRICT_RESPONSE ERROR')
  host.rom = 'OTHER'
  function host.domains()
    return { { name = 'WRAM', size = 8192 } }
  end
  equal(types_of(context:answer(strict)), 'STRICT_RESPONSE READ_RESPONSE')
  truthy(context:answer('[{"type":"HASH"}]'):find('OTHER', 1, true))
end)

check.done()
