local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local json = require('json')
local equal, test, truthy = check.equal, check.test, check.truthy

test('valid texts', function()
  local texts = {
    ['0'] = 0,
    ['-0'] = 0,
    ['12'] = 12,
    [' \t\r\n-12.5e+1 '] = -125,
    ['1E2'] = 100,
    ['0.5'] = 0.5,
    ['true'] = true,
    ['false'] = false,
    ['""'] = '',
    ['"plain"'] = 'plain',
    ['[]'] = {},
    ['[ ]'] = {},
    ['{}'] = {},
    ['{ }'] = {},
    ['[1,[2,[3]]]'] = { 1, { 2, { 3 } } },
    ['{"a":{"b":[true,"x"]}}'] = { a = { b = { true, 'x' } } },
    ['{"a" : 1 , "a" : 2}'] = { a = 2 },
    ['{"\\u0061\\"":1}'] = { ['a"'] = 1 },
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"'] = '"\\/\b\f\n\r\t',
    ['"\\u0041\\u00e9\\u2713\\u65E5"'] = 'A\195\169\226\156\147\230\151\165',
    ['"\\ud83d\\ude00!"'] = '\240\159\152\128!',
    ['"h\195\169llo"'] = 'h\195\169llo',
    ['"\127"'] = '\127',
    ['"\\\\u0041"'] = '\\u0041',
    ['"\\ud83d"'] = '\239\191\189',
    ['"\\ude00x"'] = '\239\191\189x',
    ['"\\ud83d\\u0041"'] = '\239\191\189A',
  }
  for text, expected in pairs(texts) do
    local value, problem = json.decode(text)
    equal(problem, nil, text)
    equal(value, expected, text)
  end
  equal(json.decode('null'), json.null)
  equal(json.decode('[null]')[1], json.null)
end)

test('whole numbers are integers where Lua has them', function()
  equal(json.encode(json.decode('[256,256.0,2.56e2,4294967295,1e15]')), '[256,256,256,4294967295,1e+15]')
end)

test('invalid texts', function()
  local texts = {
    '',
    ' ',
    '[',
    ']',
    '{',
    '}',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    "['a']",
    '"',
    '"a',
    '"\\',
    '"\\x"',
    '"\\u12"',
    '"\\u12g4"',
    '"a\nb"',
    '"\0"',
    '01',
    '-',
    '+1',
    '.5',
    '1.',
    '1.e3',
    '1e',
    '1e+',
    '0x10',
    'nul',
    'nulll',
    'True',
    'NaN',
    'Infinity',
    '[1]]',
    '{} {}',
    '1 1',
    '[1]x',
    '{"a":1 "b":2}',
    '\239\187\191[]',
    '[' .. ('['):rep(40) .. (']'):rep(40) .. ']',
    '{"a":' .. ('{"a":'):rep(40),
    '"' .. ('\\'):rep(3),
  } -- stylua: ignore
  for _, text in ipairs(texts) do
    local value, problem = json.decode(text)
    equal(value, nil, text)
    equal(type(problem), 'string', text)
  end
end)

test('a text of any kind ends in a value or a reason', function()
  local seed, alphabet = 99, '[]{}",:\\u0123456789abtrfnul-+.eE \t'
  for _ = 1, 20000 do
    local pieces = {}
    for i = 1, 1 + seed % 24 do
      seed = (seed * 16807) % 2147483647
      local at = seed % #alphabet + 1
      pieces[i] = alphabet:sub(at, at)
    end
    local text = table.concat(pieces)
    local ok, value, problem = pcall(json.decode, text)
    truthy(ok, text)
    truthy(value ~= nil or type(problem) == 'string', text)
  end
end)

test('texts are written in ASCII and read back the same', function()
  local all = {}
  for code = 0, 127 do
    all[code + 1] = string.char(code)
  end
  local texts = { '', 'plain', table.concat(all), 'h\195\169llo \226\156\147 \240\159\152\128' }
  for _, text in ipairs(texts) do
    local written = json.string(text)
    truthy(not written:find('[^ -~]'), written)
    equal(json.decode(written), text)
  end
end)

test('bytes that are no UTF-8 become replacement characters', function()
  equal(json.string('a\255b'), '"a\\ufffdb"')
  equal(json.string('\195'), '"\\ufffd"')
  equal(json.string('\237\160\128'), '"\\ufffd"')
  equal(json.string('\195\169\169'), '"\\u00e9\\ufffd"')
  truthy(json.decode(json.string('\248\136\128\128\128')))
end)

test('numbers', function()
  equal(json.number(0), '0')
  equal(json.number(4294967295), '4294967295')
  equal(json.number(-1.5), '-1.5')
  equal(json.number(0 / 0), '0')
  equal(json.number(math.huge), '0')
  equal(json.encode({ a = 1, b = { true, json.null }, c = {} }), '{"a":1,"b":[true,null],"c":[]}')
end)

check.done()
