-- JSON (RFC 8259), strict, for short request lines: a string without escapes and a plain integer are one pattern
-- match each, which is nearly all there is on this wire. Nothing is executed from a line that is not valid as a
-- whole.

local json = {}

local byte, char, find, format, gsub, sub =
  string.byte, string.char, string.find, string.format, string.gsub, string.sub
local concat, floor, sort = table.concat, math.floor, table.sort

-- 256.0 and 256 are one number in JSON, and two in Lua 5.4.
local to_integer = math.tointeger or function() end

-- Requests nest two levels; the bound keeps hostile text away from Lua's own stack.
local MAX_DEPTH = 32

-- Stands for JSON's null, which a Lua table cannot hold.
json.null = setmetatable({}, {
  __tostring = function()
    return 'null'
  end,
})

local ESCAPED = { ['"'] = '"', ['\\'] = '\\', ['/'] = '/', b = '\b', f = '\f', n = '\n', r = '\r', t = '\t' }
local LITERALS = { t = { 'true', true }, f = { 'false', false }, n = { 'null', json.null } }

local function fail(problem, position)
  error(format('%s at byte %d', problem, position), 0)
end

local function utf8_of(code)
  if code < 0x80 then
    return char(code)
  end
  if code < 0x800 then
    return char(0xC0 + floor(code / 64), 0x80 + code % 64)
  end
  if code < 0x10000 then
    return char(0xE0 + floor(code / 4096), 0x80 + floor(code / 64) % 64, 0x80 + code % 64)
  end
  return char(
    0xF0 + floor(code / 262144),
    0x80 + floor(code / 4096) % 64,
    0x80 + floor(code / 64) % 64,
    0x80 + code % 64
  )
end

-- The character written as \uXXXX whose `u` is at `position`, and the position after it. Half a surrogate pair has no
-- meaning and becomes U+FFFD.
local function unicode_escape(text, position)
  local _, stop, digits = find(text, '^(%x%x%x%x)', position + 1)
  if not stop then
    fail('broken \\u escape', position)
  end
  local code = tonumber(digits, 16)
  if code < 0xD800 or code > 0xDFFF then
    return utf8_of(code), stop + 1
  end
  local _, low_stop, low_digits = find(text, '^\\u([dD][c-fC-F]%x%x)', stop + 1)
  if code > 0xDBFF or not low_stop then
    return '\239\191\189', stop + 1
  end
  return utf8_of(0x10000 + (code - 0xD800) * 1024 + tonumber(low_digits, 16) - 0xDC00), low_stop + 1
end

-- A string with escapes; `position` is that of its first character after the quote.
local function long_string(text, position)
  local pieces, n, start = {}, 0, position
  while true do
    local _, stop, plain = find(text, '^([^"\\%c]*)', position)
    n = n + 1
    pieces[n] = plain
    position = stop + 1
    local code = byte(text, position)
    if code == 34 then
      return concat(pieces), position + 1
    end
    n = n + 1
    if code == 92 then
      local letter = sub(text, position + 1, position + 1)
      if letter == 'u' then
        pieces[n], position = unicode_escape(text, position + 1)
      else
        pieces[n], position = ESCAPED[letter] or fail('unknown escape', position), position + 2
      end
    elseif code == 127 then
      -- %c counts DEL among the control characters, JSON does not.
      pieces[n], position = '\127', position + 1
    else
      fail(code and 'control character in a string' or 'string without end', code and position or start)
    end
  end
end

local function number(text, position)
  local _, stop, digits = find(text, '^(%-?%d+)', position)
  if not stop then
    fail('unexpected text', position)
  end
  if find(digits, '^%-?0%d') then
    fail('number with a leading zero', position)
  end
  local following = byte(text, stop + 1)
  if following == 46 or following == 101 or following == 69 then
    local _, fraction = find(text, '^%.%d+', stop + 1)
    local _, exponent = find(text, '^[eE][+-]?%d+', (fraction or stop) + 1)
    stop = exponent or fraction or fail('broken number', position)
    local value = tonumber(sub(text, position, stop))
    return to_integer(value) or value, stop + 1
  end
  return tonumber(digits), stop + 1
end

local value_at

local function array(text, position, depth)
  local list, n = {}, 0
  position = find(text, '[^ \t\r\n]', position) or fail('array without end', position)
  if byte(text, position) == 93 then
    return list, position + 1
  end
  while true do
    n = n + 1
    list[n], position = value_at(text, position, depth)
    local _, stop, separator = find(text, '^[ \t\r\n]*([%],])', position)
    if not stop then
      fail('expected , or ]', position)
    end
    position = stop + 1
    if separator == ']' then
      return list, position
    end
  end
end

local function object(text, position, depth)
  local map = {}
  local _, closed = find(text, '^[ \t\r\n]*}', position)
  if closed then
    return map, closed + 1
  end
  while true do
    local _, stop, key = find(text, '^[ \t\r\n]*"([^"\\%c]*)"[ \t\r\n]*:', position)
    if not stop then
      local _, quote = find(text, '^[ \t\r\n]*"', position)
      key, position = long_string(text, (quote or fail('expected a key', position)) + 1)
      _, stop = find(text, '^[ \t\r\n]*:', position)
      stop = stop or fail('expected :', position)
    end
    map[key], position = value_at(text, stop + 1, depth)
    local separator
    _, stop, separator = find(text, '^[ \t\r\n]*([},])', position)
    if not stop then
      fail('expected , or }', position)
    end
    position = stop + 1
    if separator == '}' then
      return map, position
    end
  end
end

-- The value that starts at or after `position`, and the position behind it. Throws a string that says what is wrong.
function value_at(text, position, depth)
  local code = byte(text, position)
  if code == 32 or code == 9 or code == 10 or code == 13 then
    position = find(text, '[^ \t\r\n]', position) or #text + 1
    code = byte(text, position)
  end
  if code == 34 then
    local _, stop, plain = find(text, '^([^"\\%c]*)"', position + 1)
    if stop then
      return plain, stop + 1
    end
    return long_string(text, position + 1)
  end
  if code == 123 or code == 91 then
    if depth >= MAX_DEPTH then
      fail('nested too deeply', position)
    end
    return (code == 123 and object or array)(text, position + 1, depth + 1)
  end
  local literal = code and LITERALS[char(code)]
  if literal then
    if sub(text, position, position + #literal[1] - 1) ~= literal[1] then
      fail('unexpected text', position)
    end
    return literal[2], position + #literal[1]
  end
  return number(text, position)
end

-- The value that `text` is, or nil and what is wrong with it.
function json.decode(text)
  local ok, value, position = pcall(value_at, text, 1, 0)
  if not ok then
    return nil, value
  end
  local more = find(text, '[^ \t\r\n]', position)
  if more then
    return nil, format('text after the value at byte %d', more)
  end
  return value
end

local function escape(character)
  local code = byte(character)
  local letter = find('"\\', character, 1, true) and character
  return letter and '\\' .. letter or format('\\u%04x', code)
end

-- One UTF-8 sequence as escapes; bytes that are none become U+FFFD.
local function escape_beyond_ascii(sequence)
  local first = byte(sequence)
  local size = first >= 0xF0 and 4 or first >= 0xE0 and 3 or first >= 0xC2 and 2 or 0
  if #sequence < size or size == 0 then
    return '\\ufffd'
  end
  local code = first - (size == 4 and 0xF0 or size == 3 and 0xE0 or 0xC0)
  for i = 2, size do
    code = code * 64 + byte(sequence, i) - 0x80
  end
  local stray = string.rep('\\ufffd', #sequence - size)
  if code > 0x10FFFF or (code >= 0xD800 and code <= 0xDFFF) then
    return '\\ufffd' .. stray
  end
  if code < 0x10000 then
    return format('\\u%04x', code) .. stray
  end
  code = code - 0x10000
  return format('\\u%04x\\u%04x', 0xD800 + floor(code / 1024), 0xDC00 + code % 1024) .. stray
end

-- JSON text of a string, in ASCII only: the emulator's own sockets do not carry other bytes unharmed.
function json.string(value)
  if find(value, '[^ !#-Z%[%]^-~]') then
    value = gsub(value, '[%c"\\]', escape)
    value = gsub(value, '[\128-\255][\128-\191]*', escape_beyond_ascii)
  end
  return '"' .. value .. '"'
end

-- JSON text of a number: up to 14 digits, whole numbers without a fraction. What JSON cannot say becomes 0.
function json.number(value)
  if value ~= value or value == math.huge or value == -math.huge then
    return '0'
  end
  return format('%.14g', value)
end

local encode

local function encode_table(value)
  local pieces = {}
  if #value > 0 or next(value) == nil then
    for i = 1, #value do
      pieces[i] = encode(value[i])
    end
    return '[' .. concat(pieces, ',') .. ']'
  end
  for key, item in pairs(value) do
    pieces[#pieces + 1] = json.string(key) .. ':' .. encode(item)
  end
  sort(pieces)
  return '{' .. concat(pieces, ',') .. '}'
end

-- JSON text of a value; an empty table is a list. Keys are sorted, so equal values give equal text.
function encode(value)
  local kind = type(value)
  if kind == 'string' then
    return json.string(value)
  end
  if kind == 'number' then
    return json.number(value)
  end
  if kind == 'boolean' then
    return value and 'true' or 'false'
  end
  if value == json.null or kind ~= 'table' then
    return 'null'
  end
  return encode_table(value)
end

json.encode = encode

return json
