-- Turns one request line into one answer line. Requests run strictly in order; one that fails with ERROR does not stop
-- the others, except a guard: what it should have protected must not run (the reference runs it).

local commands = require('commands')
local json = require('json')

local batch = {}
batch.__index = batch

local concat, format = table.concat, string.format

-- A line of nothing but `{}` must not grow into an answer a hundred times its size.
local MAX_REQUESTS = 10000
-- Clients send the same few lines frame after frame; those are parsed once. Long lines are rare and not worth keeping.
local REMEMBERED_LINES, REMEMBERED_BYTES = 16, 16384

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
    remembered = {},
    remembered_count = 0,
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

local function answer_one(context, request)
  if type(request) ~= 'table' or request == json.null then
    error('a request must be an object', 0)
  end
  local kind = request.type
  local handler = commands[kind]
  if handler then
    return handler(context, request)
  end
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

local function run_from(context, requests, first, count, out)
  for i = first, count do
    context.at = i
    local text, ends = answer_one(context, requests[i])
    out[i] = text
    if ends then
      fill(out, i + 1, count, text)
      return
    end
  end
end

-- One `pcall` carries the batch as far as it goes, instead of one for every request.
local function run_all(context, requests, count, out)
  local first = 1
  while first <= count do
    local ok, problem = pcall(run_from, context, requests, first, count, out)
    if ok then
      return
    end
    local at = context.at
    out[at] = error_answer(problem)
    local request = requests[at]
    if type(request) == 'table' and request.type == 'GUARD' then
      fill(out, at + 1, count, out[at])
      return
    end
    first = at + 1
  end
end

-- The requests of a line, or nil and what is wrong with it.
function batch:parse(line)
  local requests = self.remembered[line]
  if requests then
    return requests
  end
  local problem
  requests, problem = json.decode(line)
  if problem then
    return nil, problem
  end
  if type(requests) == 'string' then
    requests = {}
  elseif type(requests) ~= 'table' or requests == json.null then
    return nil, 'a line must be an array of requests'
  elseif #requests > MAX_REQUESTS then
    return nil, format('a line may hold %d requests', MAX_REQUESTS)
  end
  if #line <= REMEMBERED_BYTES then
    if self.remembered_count >= REMEMBERED_LINES then
      self.remembered, self.remembered_count = {}, 0
    end
    self.remembered[line] = requests
    self.remembered_count = self.remembered_count + 1
  end
  return requests
end

-- The answer to a line, without its line end. A line that is no JSON is answered too, with a single ERROR: the reference
-- answers nothing and stops listening.
function batch:answer(line)
  local requests, problem = self:parse(line)
  if not requests then
    return '[' .. error_answer('not a request line: ' .. problem) .. ']'
  end
  local out, count = self.out, #requests
  self.bytes_read = 0
  if not self.domains or self.host.rom_changes and self.rom ~= self.host.hash() then
    self:look_again()
  end
  run_all(self, requests, count, out)
  local text = '[' .. concat(out, ',', 1, count) .. ']'
  for i = 1, count do
    out[i] = nil
  end
  return text
end

return batch
