-- Puts the parts together around one emulator.

local batch = require('batch')
local comm = require('comm')
local messages = require('messages')
local sockets = require('sockets')
local tcp = require('tcp')

local connector = { VERSION = '1.0.0' }

local format = string.format

local NO_WAY_OUT = 'no LuaSocket was found, and the emulator was not started with --socket_ip and --socket_port; '
  .. 'see README.md next to this script'

local function setting(name)
  local value = os.getenv(name)
  return value ~= '' and value or nil
end

local function port_setting(say)
  local text = setting('CAUSEWAY_PORT')
  local port = tonumber(text)
  if text and not (port and port % 1 == 0 and port >= 0 and port <= 65535) then
    say(format('CAUSEWAY_PORT is no port number: %s', text))
    return nil
  end
  return port
end

-- The transport for this emulator, or nil and why there is none. `host.comm` is the emulator's socket table, if it
-- has one; `say` prints a line for the player.
local function transport_for(host, the_batch, say)
  local options = { token = setting('CAUSEWAY_TOKEN'), port = port_setting(say), windows = sockets.windows }
  local wanted = setting('CAUSEWAY_TRANSPORT')
  local core = wanted ~= 'comm' and sockets.find() or nil
  if core then
    return tcp.new(core, the_batch, say, options)
  end
  options.clock = os.time
  local outgoing = host.comm and comm.new(host.comm, the_batch, say, options)
  if outgoing then
    return outgoing
  end
  return nil, NO_WAY_OUT
end

-- Runs for as long as the emulator runs this script.
--
-- The host table: name, system(), hash(), frame(), domains(), size(domain), read(domain, address, size),
-- write(domain, address, bytes), message(text), preferred_cores(), print(text), on_exit(f), run(step, clock), and
-- optionally comm, and rom_changes for emulators in which a script outlives the loading of another ROM.
function connector.run(host)
  local function say(text)
    host.print('Causeway: ' .. text)
  end
  say(format('connector %s in %s', connector.VERSION, host.name))
  local the_batch = batch.new(host, messages.new(host), connector.VERSION)
  local transport, problem = transport_for(host, the_batch, say)
  if not transport then
    say(problem)
    return
  end
  host.on_exit(function()
    transport:close()
  end)
  host.run(function()
    transport:step()
  end, transport.clock)
end

return connector
