-- Turns one request line into one answer line. Requests run strictly in order; one that fails with ERROR does not
-- stop the others, except a guard: what it should have protected must not run (the reference runs it).

local commands = require('commands')
local json = require('json')
local requests = require('requests')

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
