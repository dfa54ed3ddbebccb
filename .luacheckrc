-- The connector runs on Lua 5.1 and 5.4 alike: nothing that only one of them has, unless it is asked for first.
std = 'min'
max_line_length = 120
read_globals = { 'table.unpack', 'math.tointeger' }

-- Joined from lua/src, indented by one step more.
files['lua/causeway-*.lua'] = { max_line_length = 124 }
-- Test hosts and benches play the emulator: they put its API where scripts look for it.
files['tests/lua'] = { read_globals = { 'table.move' } }
files['bench'] = { read_globals = { 'table.move' } }
-- Runs inside FCEUX and rides along with the connector's only callback while paused.
files['tests/e2e/fceux'] = { globals = { 'gui' }, read_globals = { 'emu', 'memory', 'savestate' } }
