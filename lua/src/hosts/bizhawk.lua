-- EmuHawk's Lua API as a host, from 2.9.1 on, as well as it goes on older ones.

local connector = require('connector')

local event, emu, memory, gameinfo, gui, client = _G.event, _G.emu, _G.memory, _G.gameinfo, _G.gui, _G.client

local byte, char, find, format = string.byte, string.char, string.find, string.format
local unpack = table.unpack or _G.unpack

-- Values that fit on Lua's stack in one go with room to spare.
local STACKFUL = 4000
-- Systems whose default core lets scripts run at moments that are no end of a frame. The vertical-blank interrupt
-- is one.
local INTERRUPT_SYSTEMS = { GB = true, GBC = true, SGB = true }
local INTERRUPT_ADDRESS = 0x40
-- Interrupts can be off for long (menus, loading) and never come while paused.
local INTERRUPT_PATIENCE_SECONDS = 0.5

local host = {}

local version = client.getversion and client.getversion() or ''
local major, minor, patch = version:match('(%d+)%.(%d+)%.?(%d*)')

local function version_number()
  return major and (tonumber(major) * 100 + tonumber(minor)) * 100 + (tonumber(patch) or 0) or math.huge
end

host.name = 'BizHawk ' .. (version == '' and 'of unknown version' or version)
host.comm = _G.comm
host.system = emu.getsystemid
host.frame = emu.framecount
host.print = _G.print

function host.hash()
  return gameinfo.getromhash() or ''
end

function host.message(text)
  gui.addmessage(text)
end

function host.size(domain)
  return memory.getmemorydomainsize(domain)
end

-- The list has been a table from 0, a table from 1, and one text with a name a line.
function host.domains()
  local names, listed = {}, memory.getmemorydomainlist()
  if type(listed) == 'string' then
    for name in listed:gmatch('[^\r\n]+') do
      names[#names + 1] = { name = name }
    end
  else
    for i = listed[0] and 0 or 1, #listed do
      names[#names + 1] = { name = listed[i] }
    end
  end
  for _, domain in ipairs(names) do
    domain.size = memory.getmemorydomainsize(domain.name)
  end
  return names
end

-- A .NET dictionary in EmuHawk, a plain table in hosts that imitate it.
function host.preferred_cores()
  local cores = client.getconfig().PreferredCores
  local found = {}
  if type(cores) == 'table' then
    for system, core in pairs(cores) do
      found[system] = core
    end
    return found
  end
  local systems = cores.Keys:GetEnumerator()
  while systems:MoveNext() do
    found[systems.Current] = cores[systems.Current]
  end
  return found
end

local function text_of(bytes, size)
  if size <= STACKFUL then
    return char(unpack(bytes, 1, size))
  end
  local pieces = {}
  for i = 1, size, STACKFUL do
    pieces[#pieces + 1] = char(unpack(bytes, i, i + STACKFUL - 1 < size and i + STACKFUL - 1 or size))
  end
  return table.concat(pieces)
end

local read_array = memory.read_bytes_as_array

-- Newer versions hand memory over as one string, which is far cheaper. Whether bytes above 127 come through
-- unchanged is tried on real memory before it is believed.
local read_text = memory.read_bytes_as_binary_string

local function try_text(domain, address, size, bytes)
  local expected = text_of(bytes, size)
  if not find(expected, '[\128-\255]') then
    return
  end
  local ok, text = pcall(read_text, address, size, domain)
  if not ok or text ~= expected then
    read_text = nil
    return
  end
  host.read_array = nil
  host.read = function(its_domain, its_address, its_size)
    return its_size == 0 and '' or read_text(its_address, its_size, its_domain)
  end
end

-- Bytes in a table. Absent once the emulator's strings are believed.
function host.read_array(domain, address, size)
  if size == 0 then
    return {}
  end
  local bytes = read_array(address, size, domain)
  if read_text then
    try_text(domain, address, size, bytes)
  end
  return bytes
end

function host.read(domain, address, size)
  return text_of(host.read_array(domain, address, size), size)
end

function host.write(domain, address, bytes)
  local size = #bytes
  for i = 1, size, STACKFUL do
    memory.write_bytes_as_array(address + i - 1, { byte(bytes, i, i + STACKFUL - 1) }, domain)
  end
end

function host.on_exit(leave)
  event.onexit(leave, 'causeway-exit')
end

-- `emu.yield` comes back on every pass of the emulator's loop, also while it is paused.
local function pass()
  if emu.yield then
    emu.yield()
  else
    emu.frameadvance()
  end
end

local function hook(on_interrupt)
  local register = event.on_bus_exec or event.onmemoryexecute
  return register and pcall(register, on_interrupt, INTERRUPT_ADDRESS, 'causeway-interrupt', 'System Bus')
end

function host.run(step, clock)
  local interrupted = -math.huge
  if INTERRUPT_SYSTEMS[emu.getsystemid()] then
    hook(function()
      step()
      interrupted = clock()
    end)
  end
  while true do
    if interrupted == -math.huge or clock() - interrupted > INTERRUPT_PATIENCE_SECONDS then
      step()
    end
    pass()
  end
end

local function wait_for_rom()
  if emu.getsystemid() ~= 'NULL' then
    return
  end
  host.print('Causeway: load a ROM to begin')
  while emu.getsystemid() == 'NULL' do
    emu.frameadvance()
  end
end

if version_number() < 20700 then
  host.print(format('Causeway: BizHawk %s is too old for this script; use 2.9.1 or newer', version))
else
  if version_number() < 20901 then
    host.print(format('Causeway: BizHawk %s may fail here; this script is made for 2.9.1 and newer', version))
  end
  wait_for_rom()
  connector.run(host)
end
