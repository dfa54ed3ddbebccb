-- Causeway's connector: lets a program outside the emulator read and write the running game's memory.
--
-- Load it in the emulator, leave its console window open, and start the bridge (causeway-bizhawk). Environment:
--   CAUSEWAY_PORT       the one port to listen on, 0 for any; otherwise the first free one of 43055 to 43060
--   CAUSEWAY_TRANSPORT  `comm` uses BizHawk's own outgoing socket instead of LuaSocket
--   CAUSEWAY_TOKEN      a word that proves to a bridge that this is the emulator it started
--   CAUSEWAY_SOCKET     path of LuaSocket's native core, when it lies in an unusual place
--
-- PROTOCOL, version 1 (that of Archipelago's generic BizHawk connector, plus what is marked +)
--
-- TCP on 127.0.0.1, one client; others are closed at once. Lines end with a newline and hold up to 1 MiB. The
-- client's first line is `VERSION`, answered `1`, within five seconds (+ or `TOKEN word`, answered the same). Every
-- further line is `VERSION` or a JSON array of requests, answered with one array of as many answers in the same order.
-- All of one array happens between the same two frames. The connection ends after five seconds of silence.
--
--   > VERSION
--   < 1
--   > [{"type":"GUARD","address":16,"expected_data":"Ag==","domain":"RAM"},
--      {"type":"READ","address":1024,"size":3,"domain":"RAM"}]                       (on one line)
--   < [{"type":"GUARD_RESPONSE","value":true,"address":16},{"type":"READ_RESPONSE","value":"AAEC"}]
--
-- Bytes are base64; addresses count from the beginning of the domain.
--
--   type                   fields                          answer
--   PING                                                   PONG
--   SYSTEM                                                 SYSTEM_RESPONSE value "NES"
--   HASH                                                   HASH_RESPONSE value: compare it for equality only
--   PREFERRED_CORES                                        PREFERRED_CORES_RESPONSE value {"NES":"QuickNes",..}
--   MEMORY_SIZE            domain                          MEMORY_SIZE_RESPONSE value 2048
--   READ                   address size domain             READ_RESPONSE value "AAEC"
--   WRITE                  address value domain            WRITE_RESPONSE
--   GUARD                  address expected_data domain    GUARD_RESPONSE value true, address
--   LOCK                                                   LOCKED: the emulator stands still, until
--   UNLOCK                                                 UNLOCKED, two silent seconds, ten in all, or a disconnect
--   DISPLAY_MESSAGE        message                         DISPLAY_MESSAGE_RESPONSE
--   SET_MESSAGE_INTERVAL   value (seconds)                 SET_MESSAGE_INTERVAL_RESPONSE
-- + CAUSEWAY                                               CAUSEWAY_RESPONSE value {"connector":"1.0.0",
--                                                          "host":"BizHawk 2.9.1","frame":123,
--                                                          "domains":[{"name":"RAM","size":2048,"writable":true},..],
--                                                          "features":["FRAME","STRICT"]}
-- + FRAME                                                  FRAME_RESPONSE value 123
-- + STRICT                 value true or false             STRICT_RESPONSE; see below
--
-- A guard whose bytes differ ends its array: every later request is answered with a copy of
-- {"type":"GUARD_RESPONSE","value":false,"address":16} and not carried out. What stood before it is done.
--
-- A request that fails is answered {"type":"ERROR","err":"why"}; the others are carried out. If it is a guard, it ends
-- the array in the same way. + A line that is no array of requests is answered [{"type":"ERROR","err":"why"}].
--
-- As the emulator does it, a domain that does not exist means the current one, what lies outside a domain reads as zero
-- and is not written, and writing to read-only memory does nothing. + After {"type":"STRICT","value":true} all of these
-- are ERRORs, until the connection ends.
--
-- + Through the emulator's own socket (BizHawk started with --socket_ip and --socket_port) the emulator calls the
-- bridge. Frames are a byte count, a space, and that many bytes. On every pass the script sends
--   {"causeway":1,"seq":7,"frame":123,"system":"NES","hash":"..","connector":"1.0.0","token":null,"answers":6,
--    "answer":[{"type":"PONG"}]}
-- where `answer` is what became of the array that the bridge sent upon frame `answers`, or null. The bridge answers at
-- once: an array of requests, `[]`, or `BYE`, after which the script stops asking.
-- This file is made from the parts in lua/src by scripts/build-lua.mjs: change those.

local parts = {}

parts['base64'] = (function()
  -- Base64 (RFC 4648, with padding), on tables made once instead of bit operators: Lua 5.1 has none, and on 5.4 a table
  -- access costs no more than a shift. Bytes are handled in runs because one `string.byte` for many bytes, and one
  -- concatenation of many pieces, is what makes this fast in both versions.

  local base64 = {}

  local byte, char, concat, find, gsub, sub = string.byte, string.char, table.concat, string.find, string.gsub, string.sub
  local unpack = table.unpack or _G.unpack

  local ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

  -- On 5.4 a float key is normalised on every table access; whole numbers made by division must be integers again.
  local whole = math.tointeger or function(number)
    return number
  end

  -- PAIR[12 bits + 1]: two characters. A byte's share in the index before and after it is prepared in HIGH and LOW.
  local PAIR, HIGH, LOW = {}, {}, {}
  -- Shares of a character's six bits in the three bytes that four characters make.
  local FIRST, SECOND_HIGH, SECOND_LOW, THIRD_HIGH, THIRD_LOW, FOURTH = {}, {}, {}, {}, {}, {}
  -- Single bytes are what games poll most.
  local ONE = {}

  for bits = 0, 4095 do
    local high, low = whole((bits - bits % 64) / 64), bits % 64
    PAIR[bits + 1] = sub(ALPHABET, high + 1, high + 1) .. sub(ALPHABET, low + 1, low + 1)
  end
  for value = 0, 255 do
    HIGH[value] = whole((value - value % 16) / 16) + 1
    LOW[value] = value % 16 * 256 + 1
    ONE[value] = PAIR[value * 16 + 1] .. '=='
  end
  for bits = 0, 63 do
    local code = byte(ALPHABET, bits + 1)
    FIRST[code] = bits * 4
    SECOND_HIGH[code], SECOND_LOW[code] = whole((bits - bits % 16) / 16), bits % 16 * 16
    THIRD_HIGH[code], THIRD_LOW[code] = whole((bits - bits % 4) / 4), bits % 4 * 64
    FOURTH[code] = bits
  end

  -- `pick` is `string.byte` for a string and `unpack` for a table of bytes.
  local function encode_runs(bytes, last, out, pick)
    local n = 0
    for i = 1, last, 24 do
      local a, b, c, d, e, f, g, h, j, k, l, m, o, p, q, r, s, t, u, v, w, x, y, z = pick(bytes, i, i + 23)
      n = n + 1
      -- StyLua would give each piece a line of its own.
      -- stylua: ignore
      out[n] = PAIR[a * 16 + HIGH[b]] .. PAIR[LOW[b] + c] .. PAIR[d * 16 + HIGH[e]] .. PAIR[LOW[e] + f]
        .. PAIR[g * 16 + HIGH[h]] .. PAIR[LOW[h] + j] .. PAIR[k * 16 + HIGH[l]] .. PAIR[LOW[l] + m]
        .. PAIR[o * 16 + HIGH[p]] .. PAIR[LOW[p] + q] .. PAIR[r * 16 + HIGH[s]] .. PAIR[LOW[s] + t]
        .. PAIR[u * 16 + HIGH[v]] .. PAIR[LOW[v] + w] .. PAIR[x * 16 + HIGH[y]] .. PAIR[LOW[y] + z]
    end
    return n
  end

  -- What is left at the end: fewer than 24 bytes, from position `first` on.
  local function encode_rest(bytes, first, size, pick)
    local text = ''
    for i = first, size - 2, 3 do
      local a, b, c = pick(bytes, i, i + 2)
      text = text .. PAIR[a * 16 + HIGH[b]] .. PAIR[LOW[b] + c]
    end
    local left = (size - first + 1) % 3
    if left == 1 then
      return text .. ONE[pick(bytes, size, size)]
    end
    if left == 2 then
      local a, b = pick(bytes, size - 1, size)
      return text .. PAIR[a * 16 + HIGH[b]] .. sub(PAIR[LOW[b]], 1, 1) .. '='
    end
    return text
  end

  local function encode(bytes, size, pick)
    if size < 24 then
      return encode_rest(bytes, 1, size, pick)
    end
    local out = {}
    local runs = encode_runs(bytes, size - 23, out, pick)
    out[runs + 1] = encode_rest(bytes, runs * 24 + 1, size, pick)
    return concat(out)
  end

  function base64.encode(bytes)
    return encode(bytes, #bytes, byte)
  end

  -- The same for bytes in a table, without making a string of them first.
  function base64.encode_array(bytes, size)
    return encode(bytes, size, unpack)
  end

  local function decode_group(text, i)
    local a, b, c, d = byte(text, i, i + 3)
    return FIRST[a] + SECOND_HIGH[b], SECOND_LOW[b] + THIRD_HIGH[c], THIRD_LOW[c] + FOURTH[d]
  end

  local function decode_runs(text, last, out)
    local n = 0
    for i = 1, last, 16 do
      local a, b, c, d, e, f, g, h, j, k, l, m, o, p, q, r = byte(text, i, i + 15)
      n = n + 1
      -- stylua: ignore
      out[n] = char(
        FIRST[a] + SECOND_HIGH[b], SECOND_LOW[b] + THIRD_HIGH[c], THIRD_LOW[c] + FOURTH[d],
        FIRST[e] + SECOND_HIGH[f], SECOND_LOW[f] + THIRD_HIGH[g], THIRD_LOW[g] + FOURTH[h],
        FIRST[j] + SECOND_HIGH[k], SECOND_LOW[k] + THIRD_HIGH[l], THIRD_LOW[l] + FOURTH[m],
        FIRST[o] + SECOND_HIGH[p], SECOND_LOW[p] + THIRD_HIGH[q], THIRD_LOW[q] + FOURTH[r]
      )
    end
    return n
  end

  -- Bytes of `text`, or nil and what is wrong with it. Characters outside the alphabet are ignored, as the reference
  -- does.
  function base64.decode(text)
    if find(text, '[^%w+/=]') then
      text = gsub(text, '[^%w+/=]', '')
    end
    local size = #text
    if size % 4 ~= 0 then
      return nil, 'base64 text has a length that is no multiple of four'
    end
    local padding = find(text, '=', 1, true)
    if padding then
      if padding < size - 1 or not find(text, '=', size, true) then
        return nil, 'base64 text has padding before its end'
      end
      -- 'A' stands for six zero bits; the bytes they end up in are cut off again below.
      text = sub(text, 1, padding - 1) .. (padding == size and 'A' or 'AA')
    end
    local out = {}
    local n = decode_runs(text, size - 15, out)
    for i = n * 16 + 1, size, 4 do
      n = n + 1
      out[n] = char(decode_group(text, i))
    end
    local bytes = concat(out)
    return padding and sub(bytes, 1, -1 - (size - padding + 1)) or bytes
  end

  return base64
end)()

parts['json'] = (function()
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
end)()

parts['commands'] = (function()
  -- What each request type does. A handler takes the batch's context and one request, and returns the JSON text of its
  -- answer; a second result `true` ends the batch, every later request being answered with the same text. It throws a
  -- string for an ERROR answer.

  local base64 = parts['base64']
  local json = parts['json']

  local commands = {}

  local format = string.format
  local encode, encode_array = base64.encode, base64.encode_array
  local to_integer = math.tointeger or function(number)
    return number
  end

  -- Bytes that one batch may read in all: enough for any game's memory, and an answer the frame survives.
  local MAX_BATCH_READ = 4 * 1024 * 1024
  -- Largest whole number that a double, which is what Lua 5.1 has, counts without gaps.
  local MAX_WHOLE = 2 ^ 53

  local function whole(request, field)
    local value = request[field]
    if type(value) == 'string' then
      local number = tonumber(value)
      value = number and to_integer(number)
    end
    if type(value) ~= 'number' or value % 1 ~= 0 or value > MAX_WHOLE or value < -MAX_WHOLE then
      error(format('%s must be a whole number', field), 0)
    end
    return value
  end

  local function bytes_of(request, field)
    local text = request[field]
    if type(text) ~= 'string' then
      error(format('%s must be base64 text', field), 0)
    end
    local bytes, problem = base64.decode(text)
    return bytes or error(problem, 0)
  end

  local function domain_of(request)
    local name = request.domain
    return type(name) == 'string' and name or nil
  end

  -- In strict mode: the domain, once it is sure to exist and to hold `size` bytes at `address`.
  local function checked(context, name, address, size)
    local domain = name and context.domains[name]
    if not domain then
      error(format('no such domain: %s', name or 'none named'), 0)
    end
    if address < 0 or address + size > domain.size then
      error(format('%s holds %.14g bytes; %.14g from %.14g on reach outside', name, domain.size, size, address), 0)
    end
    return domain
  end

  -- Throws unless the batch may read these bytes.
  local function admit(context, name, address, size)
    if size < 0 then
      error('size must not be negative', 0)
    end
    local bytes_read = context.bytes_read + size
    if bytes_read > MAX_BATCH_READ then
      error(format('a batch may read %d bytes', MAX_BATCH_READ), 0)
    end
    context.bytes_read = bytes_read
    if context.strict then
      checked(context, name, address, size)
    end
  end

  -- Read-only memory that the emulator does not call so: nothing changed although the bytes are different ones. Buses
  -- are left out because registers need not read back what was written.
  local function refused(host, name, address, bytes, before)
    local after = host.read(name, address, #bytes)
    return after ~= bytes and after == before
  end

  local function write_strictly(context, name, address, bytes)
    local host, domain = context.host, checked(context, name, address, #bytes)
    local writable = domain.writable
    if writable == nil and not name:lower():find('bus', 1, true) then
      local before = host.read(name, address, #bytes)
      host.write(name, address, bytes)
      writable = not refused(host, name, address, bytes, before)
    elseif writable ~= false then
      host.write(name, address, bytes)
      writable = true
    end
    if not writable then
      error(format('%s is read-only', name), 0)
    end
  end

  function commands.PING()
    return '{"type":"PONG"}'
  end

  function commands.SYSTEM(context)
    return '{"type":"SYSTEM_RESPONSE","value":' .. json.string(context.host.system()) .. '}'
  end

  function commands.HASH(context)
    return '{"type":"HASH_RESPONSE","value":' .. json.string(context.host.hash()) .. '}'
  end

  function commands.PREFERRED_CORES(context)
    return '{"type":"PREFERRED_CORES_RESPONSE","value":' .. json.encode(context.host.preferred_cores()) .. '}'
  end

  function commands.MEMORY_SIZE(context, request)
    local name = domain_of(request)
    local size = context.strict and checked(context, name, 0, 0).size or context.host.size(name)
    return '{"type":"MEMORY_SIZE_RESPONSE","value":' .. json.number(size) .. '}'
  end

  function commands.READ(context, request)
    local name, address, size = domain_of(request), whole(request, 'address'), whole(request, 'size')
    admit(context, name, address, size)
    local host = context.host
    local text = host.read_array and encode_array(host.read_array(name, address, size), size)
      or encode(host.read(name, address, size))
    return '{"type":"READ_RESPONSE","value":"' .. text .. '"}'
  end

  function commands.WRITE(context, request)
    local name, address, bytes = domain_of(request), whole(request, 'address'), bytes_of(request, 'value')
    if context.strict then
      write_strictly(context, name, address, bytes)
    elseif #bytes > 0 then
      context.host.write(name, address, bytes)
    end
    return '{"type":"WRITE_RESPONSE"}'
  end

  function commands.GUARD(context, request)
    local name, address, expected = domain_of(request), whole(request, 'address'), bytes_of(request, 'expected_data')
    admit(context, name, address, #expected)
    local holds = context.host.read(name, address, #expected) == expected
    local sent_address = json.encode(request.address)
    return format('{"type":"GUARD_RESPONSE","value":%s,"address":%s}', holds and 'true' or 'false', sent_address),
      not holds
  end

  function commands.LOCK(context)
    context.locked = true
    return '{"type":"LOCKED"}'
  end

  function commands.UNLOCK(context)
    context.locked = false
    return '{"type":"UNLOCKED"}'
  end

  function commands.DISPLAY_MESSAGE(context, request)
    local message = request.message
    if type(message) ~= 'string' and type(message) ~= 'number' then
      error('message must be text', 0)
    end
    if not context.messages:add(tostring(message)) then
      error('too many messages are waiting', 0)
    end
    return '{"type":"DISPLAY_MESSAGE_RESPONSE"}'
  end

  function commands.SET_MESSAGE_INTERVAL(context, request)
    local seconds = request.value
    if type(seconds) ~= 'number' or seconds ~= seconds or seconds < 0 then
      error('value must be a number of seconds', 0)
    end
    context.messages:pace(seconds)
    return '{"type":"SET_MESSAGE_INTERVAL_RESPONSE"}'
  end

  function commands.CAUSEWAY(context)
    context:look_again()
    return '{"type":"CAUSEWAY_RESPONSE","value":'
      .. json.encode({
        connector = context.version,
        host = context.host.name,
        frame = context.host.frame(),
        domains = context.domain_list,
        features = { 'FRAME', 'STRICT' },
      })
      .. '}'
  end

  function commands.FRAME(context)
    return '{"type":"FRAME_RESPONSE","value":' .. json.number(context.host.frame()) .. '}'
  end

  function commands.STRICT(context, request)
    if type(request.value) ~= 'boolean' then
      error('value must be true or false', 0)
    end
    context.strict = request.value
    return '{"type":"STRICT_RESPONSE"}'
  end

  return commands
end)()

parts['requests'] = (function()
  -- Reads request lines. Clients send the same few lines frame after frame, and nearly all of what they send is READ,
  -- GUARD and WRITE with the fields in one order: a line that comes again is not parsed again, and those three are
  -- one pattern match each. Everything else, and everything odd, is left to the JSON reader.

  local json = parts['json']

  local requests = {}
  requests.__index = requests

  local byte, find, format = string.byte, string.find, string.format

  -- A line of nothing but `{}` must not grow into an answer a hundred times its size.
  local MAX_REQUESTS = 10000
  local REMEMBERED_LINES, REMEMBERED_BYTES = 16, 16384

  -- Tables kept for lines that come once.
  local POOLED = 512
  local NOTHING = {}

  local BYTES_FIELD = { GUARD = 'expected_data', WRITE = 'value' }
  local READ = '^{"type": ?"READ", ?"address": ?(%d+), ?"size": ?(%d+), ?"domain": ?"([^"\\%c]*)"}'
  local WITH_BYTES =
    '^{"type": ?"([GW]%u+)", ?"address": ?(%d+), ?"(%l+_?%l*)": ?"([%w+/=]*)", ?"domain": ?"([^"\\%c]*)"}'

  function requests.new()
    return setmetatable({ remembered = {}, count = 0, pool = {} }, requests)
  end

  -- JSON has no numbers with leading zeros.
  local function plain(digits)
    return byte(digits) ~= 48 or #digits == 1
  end

  -- Fills `request` with the one at `position` if that has one of the usual shapes, and says where it ends.
  local function usual(line, position, request)
    local _, stop, address, size, domain = find(line, READ, position)
    if stop then
      request.type, request.size, request.value, request.expected_data = 'READ', tonumber(size), nil, nil
    else
      local kind, field, value
      _, stop, kind, address, field, value, domain = find(line, WITH_BYTES, position)
      if not stop or BYTES_FIELD[kind] ~= field then
        return nil
      end
      request.type, request.size, request.value, request.expected_data = kind, nil, nil, nil
      request[field] = value
    end
    request.address, request.domain = tonumber(address), domain
    return plain(address) and (not size or plain(size)) and stop
  end

  -- The requests of a line that consists of the usual ones only or nil. `pool` lends its tables.
  local function usual_line(line, pool)
    local list, count, position = {}, 0, 2
    while true do
      count = count + 1
      local request = pool[count] or {}
      if count <= POOLED then
        pool[count] = request
      end
      list[count] = request
      local stop = usual(line, position, request)
      local following = stop and byte(line, stop + 1)
      if following == 93 and stop + 1 == #line then
        return list
      end
      if following ~= 44 then
        return nil
      end
      position = byte(line, stop + 2) == 32 and stop + 3 or stop + 2
    end
  end

  -- The requests of a line, or nil and what is wrong with it. What is no list of requests but answered by the
  -- reference all the same (an object, a text) is an empty one.
  local function parse(line, pool)
    local list = byte(line) == 91 and usual_line(line, pool)
    if list then
      return list
    end
    local problem
    list, problem = json.decode(line)
    if problem then
      return nil, problem
    end
    if type(list) == 'string' then
      return NOTHING
    end
    if type(list) ~= 'table' or list == json.null then
      return nil, 'it must be an array of requests'
    end
    if #list > MAX_REQUESTS then
      return nil, format('it may hold %d requests', MAX_REQUESTS)
    end
    return list
  end

  -- The requests of a line, valid until the next call, or nil and what is wrong with it.
  function requests:of(line)
    local known = self.remembered[line]
    if known then
      return known
    end
    if #line > REMEMBERED_BYTES then
      return parse(line, {})
    end
    if known == nil then
      if self.count >= REMEMBERED_LINES then
        self.remembered, self.count = {}, 0
      end
      self.remembered[line] = false
      self.count = self.count + 1
      return parse(line, self.pool)
    end
    local list, problem = parse(line, {})
    self.remembered[line] = list or false
    return list, problem
  end

  return requests
end)()

parts['batch'] = (function()
  -- Turns one request line into one answer line. Requests run strictly in order; one that fails with ERROR does not
  -- stop the others, except a guard: what it should have protected must not run (the reference runs it).

  local commands = parts['commands']
  local json = parts['json']
  local requests = parts['requests']

  local batch = {}
  batch.__index = batch

  local concat = table.concat

  -- Throughout a batch: who may do what, and what has been used up. `locked`, `strict` and `messages` outlive it.
  function batch.new(host, messages, version)
    return setmetatable({
      host = host,
      messages = messages,
      version = version,
      locked = false,
      strict = false,
      bytes_read = 0,
      at = 0,
      out = {},
      requests = requests.new(),
    }, batch)
  end

  -- Another client starts with the reference's manners.
  function batch:forget_client()
    self.locked, self.strict = false, false
  end

  -- Asks the emulator for its memory again: another ROM may have been loaded under the script.
  function batch:look_again()
    local list, by_name = self.host.domains(), {}
    for _, domain in ipairs(list) do
      by_name[domain.name] = domain
    end
    self.domain_list, self.domains, self.rom = list, by_name, self.host.hash()
  end

  local function error_answer(problem)
    -- Failures on the emulator's .NET side reach Lua as objects.
    return '{"type":"ERROR","err":' .. json.string(type(problem) == 'string' and problem or 'Unknown error') .. '}'
  end

  local function refuse(_, request)
    if type(request) ~= 'table' or request == json.null then
      error('a request must be an object', 0)
    end
    local kind = request.type
    if type(kind) ~= 'string' and type(kind) ~= 'number' then
      error('a request must have a type', 0)
    end
    error('Unknown command: ' .. (type(kind) == 'number' and json.number(kind) or kind), 0)
  end

  local function fill(out, first, last, text)
    for i = first, last do
      out[i] = text
    end
  end

  local function run_from(context, list, first, count, out)
    for i = first, count do
      context.at = i
      local request = list[i]
      local handler = type(request) == 'table' and commands[request.type] or refuse
      local text, ends = handler(context, request)
      out[i] = text
      if ends then
        fill(out, i + 1, count, text)
        return
      end
    end
  end

  -- One `pcall` carries the batch as far as it goes, instead of one for every request.
  local function run_all(context, list, count, out)
    local first = 1
    while first <= count do
      local ok, problem = pcall(run_from, context, list, first, count, out)
      if ok then
        return
      end
      local at = context.at
      out[at] = error_answer(problem)
      local request = list[at]
      if type(request) == 'table' and request.type == 'GUARD' then
        fill(out, at + 1, count, out[at])
        return
      end
      first = at + 1
    end
  end

  -- The answer to a line, without its line end. A line that is no JSON is answered too, with a single ERROR: the
  -- reference answers nothing and stops listening.
  function batch:answer(line)
    local list, problem = self.requests:of(line)
    if not list then
      return '[' .. error_answer('not a request line: ' .. problem) .. ']'
    end
    local out, count = self.out, #list
    self.bytes_read = 0
    if not self.domains or self.host.rom_changes and self.rom ~= self.host.hash() then
      self:look_again()
    end
    run_all(self, list, count, out)
    local text = '[' .. concat(out, ',', 1, count) .. ']'
    for i = 1, count do
      out[i] = nil
    end
    return text
  end

  return batch
end)()

parts['comm'] = (function()
  -- The second transport, for emulators without LuaSocket: BizHawk's own outgoing socket. The emulator asks, the bridge
  -- answers at once, because the socket can neither be polled nor read without waiting. Text is ASCII on both ways.

  local json = parts['json']

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
end)()

parts['messages'] = (function()
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
end)()

parts['sockets'] = (function()
  -- Finds LuaSocket's native core, under any of the ways players have it: Debian's package, a module next to the
  -- script in the places where Archipelago ships its own, or a path in CAUSEWAY_SOCKET. The Lua half of LuaSocket is
  -- not needed.

  local sockets = {}

  local WINDOWS = package.config:sub(1, 1) == '\\'

  sockets.windows = WINDOWS

  local function usable(core)
    return type(core) == 'table' and type(core.tcp) == 'function' and core
  end

  local function required(name)
    local ok, core = pcall(require, name)
    return ok and usable(core)
  end

  local function loaded_from(path)
    local open = package.loadlib and package.loadlib(path, 'luaopen_socket_core')
    if not open then
      return nil
    end
    local ok, core = pcall(open)
    return ok and usable(core)
  end

  -- Folder of this script. Emulators change into it before they run it, but some systems resolve native modules against
  -- the emulator's own folder, so the absolute path is better where it can be had.
  local function script_folder()
    local source = debug and debug.getinfo and debug.getinfo(1, 'S').source or ''
    return source:match('^@(.*[/\\])') or './'
  end

  -- Modules for another Lua version or word size crash the emulator instead of failing, hence the exact name.
  local function shipped_names()
    local version = _VERSION:match('(%d+%.%d+)') or '5.4'
    local file = 'socket-'
      .. (WINDOWS and 'windows' or 'linux')
      .. '-'
      .. version:gsub('%.', '-')
      .. (WINDOWS and '.dll' or '.so')
    local folder = script_folder()
    local wide = WINDOWS and (os.getenv('PROCESSOR_ARCHITECTURE') or 'AMD64'):find('64') or not WINDOWS
    return { folder .. (wide and 'x64/' or 'x86/') .. file, folder .. file }
  end

  -- LuaSocket's core table, or nil.
  function sockets.find()
    local named = os.getenv('CAUSEWAY_SOCKET')
    if named and named ~= '' then
      return loaded_from(named)
    end
    local core = required('socket.core') or required('socket')
    if core then
      return core
    end
    for _, path in ipairs(shipped_names()) do
      core = loaded_from(path)
      if core then
        return core
      end
    end
    return nil
  end

  return sockets
end)()

parts['lines'] = (function()
  -- Cuts a byte stream into lines, however it was sliced on its way. A half line stays here until the rest comes,
  -- which is what the reference script loses.

  local lines = {}
  lines.__index = lines

  local concat, find, gsub, sub = table.concat, string.find, string.gsub, string.sub

  function lines.new(max_bytes)
    return setmetatable({ max_bytes = max_bytes, pieces = {}, count = 0, size = 0, chunk = '', position = 1 }, lines)
  end

  -- Hands over what a socket gave; call it only when `next` has said nil.
  function lines:push(chunk)
    self.chunk, self.position = chunk, 1
  end

  -- The next whole line without its end, or nil. Carriage returns are dropped wherever they stand, as LuaSocket's line
  -- mode does for the reference. `overlong` becomes true, for good, once a line passes the bound.
  function lines:next()
    local chunk, position = self.chunk, self.position
    if position > #chunk then
      return nil
    end
    local stop = find(chunk, '\n', position, true)
    local piece = sub(chunk, position, stop and stop - 1 or -1)
    self.position = (stop or #chunk) + 1
    self.size = self.size + #piece
    if self.size > self.max_bytes then
      self.overlong = true
      return nil
    end
    if self.count > 0 or not stop then
      self.count = self.count + 1
      self.pieces[self.count] = piece
    end
    if not stop then
      return nil
    end
    if self.count > 0 then
      piece = concat(self.pieces, '', 1, self.count)
      self.pieces, self.count = {}, 0
    end
    self.size = 0
    return find(piece, '\r', 1, true) and gsub(piece, '\r', '') or piece
  end

  -- The beginning of a line that has not ended yet.
  function lines:rest()
    return concat(self.pieces, '', 1, self.count) .. sub(self.chunk, self.position)
  end

  -- Whether bytes are left that `next` has not looked at.
  function lines:waiting()
    return self.position <= #self.chunk
  end

  return lines
end)()

parts['client'] = (function()
  -- One accepted socket: what it sent and has not been answered yet, and what it has not taken yet. Never waits
  -- unless told for how long.

  local lines = parts['lines']

  local client = {}
  client.__index = client

  local sub = string.sub

  -- Longest line a client may send. A batch of a thousand requests is a tenth of it.
  local MAX_LINE_BYTES = 1024 * 1024
  -- LuaSocket's own step; more would only be copied twice.
  local CHUNK_BYTES = 8192

  function client.new(socket, now)
    socket:settimeout(0)
    socket:setoption('tcp-nodelay', true)
    return setmetatable({
      socket = socket,
      lines = lines.new(MAX_LINE_BYTES),
      outgoing = '',
      sent = 0,
      heard = now,
      -- The peer has finished sending; what it sent whole is still answered.
      ending = false,
    }, client)
  end

  -- Takes one chunk of what has arrived. `seconds` waits up to that long for the first byte. True when there was
  -- something.
  function client:receive(seconds)
    local data, problem, partial
    local first = ''
    if seconds then
      self.socket:settimeout(seconds)
      data, problem = self.socket:receive(1)
      self.socket:settimeout(0)
      if not data then
        self.ending = problem ~= 'timeout'
        return false
      end
      first = data
    end
    data, problem, partial = self.socket:receive(CHUNK_BYTES)
    data = data or partial or ''
    if problem and problem ~= 'timeout' then
      self.ending = true
    end
    if data == '' and first == '' then
      return false
    end
    self.lines:push(first .. data)
    return true
  end

  -- The next whole line, receiving as much as that takes and no more, or nil.
  function client:next_line(seconds)
    local taken = 0
    while true do
      local line = self.lines:next()
      -- A peer that sends without a pause must not hold the frame.
      if line or self.lines.overlong or self.ending or taken >= 64 then
        return line
      end
      if not self:receive(seconds) then
        return nil
      end
      seconds = nil
      taken = taken + 1
    end
  end

  -- Whether an answer is still waiting for the peer to read it.
  function client:clogged()
    return self.outgoing ~= ''
  end

  -- Hands over as much of the waiting answer as the peer's buffers take. False when the peer is gone.
  function client:flush(seconds)
    if self.outgoing == '' then
      return true
    end
    if seconds then
      self.socket:settimeout(seconds)
    end
    local last, problem, last_of_part = self.socket:send(self.outgoing, self.sent + 1)
    if seconds then
      self.socket:settimeout(0)
    end
    self.sent = last or last_of_part or self.sent
    if self.sent >= #self.outgoing then
      self.outgoing, self.sent = '', 0
    end
    return last ~= nil or problem == 'timeout'
  end

  -- Sends one line. False when the peer is gone.
  function client:send(text)
    self.outgoing = sub(self.outgoing, self.sent + 1) .. text .. '\n'
    self.sent = 0
    return self:flush()
  end

  -- Whether what has arrived so far cannot become a greeting: a browser, or something else that talks first.
  function client:impolite()
    local rest = self.lines:rest()
    return rest ~= sub('VERSION\r', 1, #rest) and sub(rest, 1, 6) ~= sub('TOKEN ', 1, #rest)
  end

  function client:close()
    self.socket:close()
  end

  return client
end)()

parts['tcp'] = (function()
  -- The usual transport: the script listens on loopback, bridges connect. One listening socket for the script's life,
  -- one client at a time, everything without waiting except under LOCK.

  local client = parts['client']

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
end)()

parts['connector'] = (function()
  -- Puts the parts together around one emulator.

  local batch = parts['batch']
  local comm = parts['comm']
  local messages = parts['messages']
  local sockets = parts['sockets']
  local tcp = parts['tcp']

  local connector = { VERSION = '1.0.0' }

  local format = string.format

  local NO_WAY_OUT = 'no LuaSocket was found, and the emulator was not started with --socket_ip and --socket_port; '
    .. 'see README.md next to this script'

  local function setting(name)
    local value = os.getenv(name)
    return value ~= '' and value or nil
  end

  local function port_setting(say)
    local text = setting('CAUSEWAY_PORT')
    local port = tonumber(text)
    if text and not (port and port % 1 == 0 and port >= 0 and port <= 65535) then
      say(format('CAUSEWAY_PORT is no port number: %s', text))
      return nil
    end
    return port
  end

  -- The transport for this emulator, or nil and why there is none. `host.comm` is the emulator's socket table, if it
  -- has one; `say` prints a line for the player.
  local function transport_for(host, the_batch, say)
    local options = { token = setting('CAUSEWAY_TOKEN'), port = port_setting(say), windows = sockets.windows }
    local wanted = setting('CAUSEWAY_TRANSPORT')
    local core = wanted ~= 'comm' and sockets.find() or nil
    if core then
      return tcp.new(core, the_batch, say, options)
    end
    options.clock = os.time
    local outgoing = host.comm and comm.new(host.comm, the_batch, say, options)
    if outgoing then
      return outgoing
    end
    return nil, NO_WAY_OUT
  end

  -- Runs for as long as the emulator runs this script.
  --
  -- The host table: name, system(), hash(), frame(), domains(), size(domain), read(domain, address, size),
  -- write(domain, address, bytes), message(text), preferred_cores(), print(text), on_exit(f), run(step, clock), and
  -- optionally comm, and rom_changes for emulators in which a script outlives the loading of another ROM.
  function connector.run(host)
    local function say(text)
      host.print('Causeway: ' .. text)
    end
    say(format('connector %s in %s', connector.VERSION, host.name))
    local the_batch = batch.new(host, messages.new(host), connector.VERSION)
    local transport, problem = transport_for(host, the_batch, say)
    if not transport then
      say(problem)
      return
    end
    host.on_exit(function()
      transport:close()
    end)
    host.run(function()
      transport:step()
    end, transport.clock)
  end

  return connector
end)()

parts['ranged'] = (function()
  -- Domains for emulators that offer plain functions on memory: what lies outside reads as zero and is not written,
  -- and a name that does not exist means the current domain. EmuHawk behaves so, and games' modules are written for
  -- it.
  --
  -- A domain is { name, size, writable, read = f(address, size), write = f(address, bytes) }.

  local ranged = {}

  local max, min, rep, sub = math.max, math.min, string.rep, string.sub

  function ranged.read(domain, address, size)
    local first, last = max(address, 0), min(address + size, domain.size)
    if first >= last then
      return rep('\0', size)
    end
    local bytes = domain.read(first, last - first)
    if last - first == size then
      return bytes
    end
    return rep('\0', first - address) .. bytes .. rep('\0', address + size - last)
  end

  function ranged.write(domain, address, bytes)
    local first, last = max(address, 0), min(address + #bytes, domain.size)
    if domain.writable and first < last then
      domain.write(first, sub(bytes, first - address + 1, last - address))
    end
  end

  return ranged
end)()

-- FCEUX's Lua API (2.6.5, Lua 5.1) as a host. Domains are named as BizHawk names them, so that a game's module cannot
-- tell the difference. Beware: FCEUX's `tostring` prints all its arguments; pass it one at most.

local connector = parts['connector']
local ranged = parts['ranged']

local emu, gui, memory, ppu, rom = _G.emu, _G.gui, _G.memory, _G.ppu, _G.rom

local byte, char, concat, floor = string.byte, string.char, table.concat, math.floor

local HEADER_BYTES, TRAINER_BYTES = 16, 512
local PRG_BANK_BYTES, CHR_BANK_BYTES = 16384, 8192
local BUS_BYTES, RAM_BYTES, WRAM_BYTES, PALRAM_BYTES = 65536, 2048, 8192, 32
local WRAM_ADDRESS, PALRAM_ADDRESS = 0x6000, 0x3F00

local host = { name = 'FCEUX', rom_changes = true, print = _G.print, frame = emu.framecount }

local current = {}
local bus

function host.system()
  return emu.emulating() and 'NES' or 'NULL'
end

function host.hash()
  return emu.emulating() and (rom.gethash('md5') or ''):upper() or ''
end

function host.preferred_cores()
  return {}
end

function host.message(text)
  emu.message(text)
end

-- A window on the processor's address space. Reading registers there does what the processor's reading does.
local function bus_domain(name, start, size)
  return {
    name = name,
    size = size,
    writable = true,
    read = function(address, count)
      return memory.readbyterange(start + address, count)
    end,
    write = function(address, bytes)
      for i = 1, #bytes do
        memory.writebyte(start + address + i - 1, byte(bytes, i))
      end
    end,
  }
end

local function file_domain(name, start, size)
  return {
    name = name,
    size = size,
    writable = false,
    read = function(address, count)
      local bytes, first = {}, start + address
      for i = 1, count do
        bytes[i] = char(rom.readbyte(first + i - 1))
      end
      return concat(bytes)
    end,
  }
end

local function palette_domain()
  return {
    name = 'PALRAM',
    size = PALRAM_BYTES,
    writable = false,
    read = function(address, count)
      return ppu.readbyterange(PALRAM_ADDRESS + address, count)
    end,
  }
end

-- Sizes from the iNES header; NES 2.0 keeps high bits of the bank counts and RAM sizes in bytes 9 and 10.
local function cartridge()
  local header = {}
  for i = 0, HEADER_BYTES - 1 do
    header[i] = rom.readbyte(i)
  end
  local flags, is_nes2 = header[6], floor(header[7] / 4) % 4 == 2
  local prg_banks = header[4] + (is_nes2 and header[9] % 16 * 256 or 0)
  local chr_banks = header[5] + (is_nes2 and floor(header[9] / 16) * 256 or 0)
  local battery = floor(flags / 2) % 2 == 1
  local start = HEADER_BYTES + (floor(flags / 4) % 2 == 1 and TRAINER_BYTES or 0)
  return {
    prg_start = start,
    prg_size = prg_banks * PRG_BANK_BYTES,
    chr_start = start + prg_banks * PRG_BANK_BYTES,
    chr_size = chr_banks * CHR_BANK_BYTES,
    has_wram = battery or (is_nes2 and header[10] or header[8]) > 0,
  }
end

function host.domains()
  local cart = cartridge()
  bus = bus_domain('System Bus', 0, BUS_BYTES)
  local list = { bus_domain('RAM', 0, RAM_BYTES), bus, file_domain('PRG ROM', cart.prg_start, cart.prg_size) }
  if cart.chr_size > 0 then
    list[#list + 1] = file_domain('CHR VROM', cart.chr_start, cart.chr_size)
  end
  if cart.has_wram then
    list[#list + 1] = bus_domain('WRAM', WRAM_ADDRESS, WRAM_BYTES)
  end
  if ppu and ppu.readbyterange then
    list[#list + 1] = palette_domain()
  end
  current = {}
  local described = {}
  for i, domain in ipairs(list) do
    current[domain.name] = domain
    described[i] = { name = domain.name, size = domain.size, writable = domain.writable }
  end
  return described
end

local function domain_named(name)
  return name and current[name] or bus
end

function host.size(name)
  return domain_named(name).size
end

function host.read(name, address, size)
  return ranged.read(domain_named(name), address, size)
end

function host.write(name, address, bytes)
  ranged.write(domain_named(name), address, bytes)
end

host.on_exit = emu.registerexit

function host.run(step)
  -- While paused only drawing callbacks run.
  gui.register(function()
    if emu.paused() then
      step()
    end
  end)
  while true do
    step()
    emu.frameadvance()
  end
end

local function wait_for_rom()
  if emu.emulating() then
    return
  end
  host.print('Causeway: load a ROM to begin')
  while not emu.emulating() do
    emu.frameadvance()
  end
end

wait_for_rom()
connector.run(host)
