-- Reads request lines. Clients send the same few lines frame after frame, and nearly all of what they send is READ,
-- GUARD and WRITE with the fields in one order: a line that comes again is not parsed again, and those three are
-- one pattern match each. Everything else, and everything odd, is left to the JSON reader.

local json = require('json')

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
