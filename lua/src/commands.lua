-- What each request type does. A handler takes the batch's context and one request, and returns the JSON text of its
-- answer; a second result `true` ends the batch, every later request being answered with the same text. It throws a
-- string for an ERROR answer.

local base64 = require('base64')
local json = require('json')

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
