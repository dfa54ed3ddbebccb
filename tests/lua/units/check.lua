-- Smallest possible test runner: `lua FILE` runs every test of a file and ends with 1 if one fails.

local check = {}

local root = arg[0]:match('^(.*)tests/lua/units/')
package.path = root .. 'lua/src/?.lua;' .. root .. 'tests/lua/units/?.lua;' .. package.path

local failed = 0

local function describe(value)
  if type(value) ~= 'table' then
    return type(value) == 'string' and ('%q'):format(value) or tostring(value)
  end
  local parts = {}
  for key, item in pairs(value) do
    parts[#parts + 1] = describe(key) .. '=' .. describe(item)
  end
  table.sort(parts)
  return '{' .. table.concat(parts, ', ') .. '}'
end

local function same(a, b)
  if type(a) ~= 'table' or type(b) ~= 'table' then
    return a == b
  end
  for key, item in pairs(a) do
    if not same(item, b[key]) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

function check.equal(actual, expected, what)
  if not same(actual, expected) then
    error(('%s\n    expected %s\n    received %s'):format(what or '', describe(expected), describe(actual)), 2)
  end
end

function check.truthy(value, what)
  if not value then
    error(what or 'not so', 2)
  end
end

function check.test(name, body)
  local ok, problem = xpcall(body, debug.traceback)
  if not ok then
    failed = failed + 1
    io.stderr:write('FAILED ', name, '\n  ', tostring(problem), '\n')
  end
end

function check.done()
  os.exit(failed == 0 and 0 or 1)
end

return check
