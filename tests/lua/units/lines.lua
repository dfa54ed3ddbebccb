local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local lines = require('lines')
local equal, test, truthy = check.equal, check.test, check.truthy

local function all(buffer, chunk)
  local found = {}
  buffer:push(chunk)
  for line in
    function()
      return buffer:next()
    end
  do
    found[#found + 1] = line
  end
  return found
end

test('every way of cutting a stream gives the same lines', function()
  local stream = 'VERSION\n\nab\r\nc\rd\n[{"type":"PING"}]\nrest'
  local expected = { 'VERSION', '', 'ab', 'cd', '[{"type":"PING"}]' }
  for first = 0, #stream do
    for second = first, #stream do
      local buffer, found = lines.new(100), {}
      for _, chunk in ipairs({ stream:sub(1, first), stream:sub(first + 1, second), stream:sub(second + 1) }) do
        for _, line in ipairs(all(buffer, chunk)) do
          found[#found + 1] = line
        end
      end
      equal(found, expected)
      equal(buffer:rest(), 'rest')
    end
  end
end)

test('a line up to the bound passes, one byte more does not', function()
  local buffer = lines.new(4)
  equal(all(buffer, 'abcd\nab'), { 'abcd' })
  equal(all(buffer, 'cd\nabcd'), { 'abcd' })
  truthy(not buffer.overlong)
  equal(all(buffer, 'e\n'), {})
  truthy(buffer.overlong)
end)

check.done()
