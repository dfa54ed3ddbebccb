-- The connector runs on Lua 5.1 and 5.4 alike: nothing that only one of them has, unless it is asked for first.
std = 'min'
max_line_length = 120
globals = {}
read_globals = {
  'table.unpack',
  'math.tointeger',
}
exclude_files = { 'node_modules' }

-- Test hosts give the script the emulator's API as globals, as an emulator does.
files['tests/lua'] = { std = 'max', ignore = { '113/_G' } }
