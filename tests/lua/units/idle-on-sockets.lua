-- Real LuaSocket allocates nothing either on a pass in which nothing happens. Needs LuaSocket.
local check = dofile(arg[0]:match('^(.*/)') .. 'check.lua')
local core = require('socket.core')
local batch = require('batch')
local fakes = require('fakes')
local messages = require('messages')
local tcp = require('tcp')
local equal, test = check.equal, check.test

local function allocated(transport)
  for _ = 1, 200 do
    transport:step()
  end
  collectgarbage()
  collectgarbage('stop')
  -- A collection also shrinks the stack, which grows again once.
  transport:step()
  local before = collectgarbage('count')
  for _ = 1, 5000 do
    transport:step()
  end
  local after = collectgarbage('count')
  collectgarbage('restart')
  return after - before
end

test('idle passes over real sockets', function()
  local host = fakes.host()
  local transport = tcp.new(core, batch.new(host, messages.new(host), '1.0.0'), function() end, { port = 0 })
  transport:step()
  equal(allocated(transport), 0, 'nobody there')
  local _, port = transport.server:getsockname()
  local client = core.tcp()
  client:connect('127.0.0.1', tonumber(port))
  client:send('VERSION\n')
  transport:step()
  transport:step()
  equal(client:receive('*l'), '1')
  equal(allocated(transport), 0, 'a silent client')
  transport:close()
end)

check.done()
