local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local base64 = require('base64')
local equal, test = check.equal, check.test

local unpack = table.unpack or _G.unpack

-- The definition, bit by bit.
local function plain_encode(bytes)
  local alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  local bits = bytes:gsub('.', function(character)
    local code, text = character:byte(), ''
    for _ = 1, 8 do
      text = code % 2 .. text
      code = (code - code % 2) / 2
    end
    return (text:gsub('%.0', ''))
  end)
  local padding = ({ '', '==', '=' })[#bytes % 3 + 1]
  bits = bits .. ('0'):rep((6 - #bits % 6) % 6)
  return bits:gsub('%d%d%d%d%d%d', function(six)
    local value = tonumber(six, 2)
    return alphabet:sub(value + 1, value + 1)
  end) .. padding
end

test('vectors of RFC 4648', function()
  local vectors = { [''] = '', f = 'Zg==', fo = 'Zm8=', foo = 'Zm9v', foob = 'Zm9vYg==', fooba = 'Zm9vYmE=' }
  vectors.foobar = 'Zm9vYmFy'
  for bytes, text in pairs(vectors) do
    equal(base64.encode(bytes), text)
    equal(base64.decode(text), bytes)
  end
end)

test('every length and every byte value, there and back, from strings and from tables', function()
  local seed = 12345
  for size = 0, 300 do
    local list = {}
    for i = 1, size do
      seed = (seed * 1103515245 + 12345) % 2147483648
      list[i] = (seed - seed % 65536) / 65536 % 256
      list[i] = list[i] - list[i] % 1
    end
    local bytes = size > 0 and string.char(unpack(list)) or ''
    local text = base64.encode(bytes)
    equal(text, plain_encode(bytes), 'size ' .. size)
    equal(base64.encode_array(list, size), text, 'from a table, size ' .. size)
    equal(base64.decode(text), bytes, 'back, size ' .. size)
  end
end)

test('characters outside the alphabet do not count', function()
  equal(base64.decode(' Zm 9v\r\nYg = =\t'), 'foob')
  equal(base64.decode('Zm-9_v'), 'foo')
end)

test('broken texts are refused with a reason', function()
  for _, text in ipairs({ 'A', 'AA', 'AAA', 'AAAAA', '=', '====', 'A===', 'AA=A', '=AAA', 'AA==AAAA', 'A=AA' }) do
    local bytes, problem = base64.decode(text)
    equal(bytes, nil, text)
    equal(type(problem), 'string', text)
  end
end)

check.done()
