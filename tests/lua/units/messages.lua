local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local messages = require('messages')
local equal, test = check.equal, check.test

local function screen()
  local shown, host = {}, { at = 0 }
  function host.frame()
    return host.at
  end
  function host.message(text)
    shown[#shown + 1] = text
  end
  return messages.new(host), shown, host
end

test('one a frame, in order, however many passes a frame has', function()
  local queue, shown, host = screen()
  for _, text in ipairs({ 'a', 'b', 'c' }) do
    queue:add(text)
  end
  queue:show(0)
  queue:show(0.004)
  equal(shown, { 'a' })
  host.at = 1
  queue:show(0.008)
  equal(shown, { 'a', 'b' })
end)

test('while the emulator is paused, one after the other; in a slow frame only one', function()
  local queue, shown = screen()
  queue:add('a')
  queue:add('b')
  queue:show(0)
  queue:show(0.2)
  equal(shown, { 'a' })
  queue:show(0.26)
  equal(shown, { 'a', 'b' })
end)

test('a new interval does not let two messages share a frame', function()
  local queue, shown = screen()
  queue:add('a')
  queue:add('b')
  queue:show(0)
  queue:pace(0.5)
  queue:show(0.01)
  equal(shown, { 'a' })
end)

test('a new interval counts from the next message on', function()
  local queue, shown, host = screen()
  for _, text in ipairs({ 'a', 'b', 'c' }) do
    queue:add(text)
  end
  queue:show(0)
  queue:pace(0.5)
  host.at = 1
  queue:show(0.016)
  equal(shown, { 'a', 'b' })
  host.at = 20
  queue:show(0.4)
  equal(shown, { 'a', 'b' })
  queue:show(0.52)
  equal(shown, { 'a', 'b', 'c' })
end)

test('the queue and its texts are bounded', function()
  local full = screen()
  for i = 1, 1000 do
    equal(full:add('x'), true, i)
  end
  equal(full:add('x'), false)
  local other, shown = screen()
  other:add(('x'):rep(1023) .. '\226\156\147')
  other:show(0)
  equal(shown, { ('x'):rep(1023) })
end)

check.done()
