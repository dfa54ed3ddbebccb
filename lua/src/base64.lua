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
