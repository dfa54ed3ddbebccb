/**
 * BizHawk's tables, as far as they are written in Lua: what moves many values crosses the border as one string.
 *
 * Names and behaviour as in EmuHawk 2.9 and later; the list of domains counts from 0, as there.
 */
export const API = /* lua */ `
local function copy(from)
  local to = {}
  for key, value in pairs(from) do to[key] = value end
  return to
end

-- ---- print, console, os
function print(...)
  local parts = table.pack(...)
  for i = 1, parts.n do parts[i] = tostring(parts[i]) end
  native.console.log(table.concat(parts, '\\t', 1, parts.n))
end
io.stdout = { write = function(self, ...) print(...) return self end, flush = function(self) return self end, setvbuf = function() return true end }
io.stderr = io.stdout
function io.write(...) return io.stdout:write(...) end
io.read, io.lines, io.popen, io.stdin = nil, nil, nil, nil
console = { log = print, write = print, writeline = print, clear = function() end, getluafunctionslist = function() return '' end }
os.getenv = native.os.getenv
os.exit = native.client.exit
os.execute, os.remove, os.rename, os.tmpname = nil, nil, nil, nil

-- ---- emu
emu = copy(native.emu)
function emu.frameadvance()
  if in_callback then error('emu.frameadvance cannot be called from a callback', 2) end
  raw_yield(FRAME)
end
function emu.yield()
  if in_callback then error('emu.yield cannot be called from a callback', 2) end
  raw_yield(YIELD)
end
function emu.getluacore() return 'NLua' end

-- ---- memory
local read, write = native.memory.read, native.memory.write
local byte, char, concat, unpack, pack_text, unpack_text = string.byte, string.char, table.concat, table.unpack, string.pack, string.unpack
local BLOCK = 4096

local function to_table(text, first)
  local list, size = {}, #text
  for at = 1, size, BLOCK do
    local last = at + BLOCK - 1
    if last > size then last = size end
    local base = first - 1
    for i = at, last do list[base + i] = byte(text, i) end
  end
  return list
end

local function to_text(list)
  local size = #list
  if size <= BLOCK then return char(unpack(list, 1, size)) end
  local parts = {}
  for at = 1, size, BLOCK do
    parts[#parts + 1] = char(unpack(list, at, math.min(at + BLOCK - 1, size)))
  end
  return concat(parts)
end

local function memory_table(domain_of)
  local m = {}
  local function number(name, format, size)
    m['read_' .. name] = function(at, domain) return (unpack_text(format, read(at, size, domain_of(domain)))) end
    m['write_' .. name] = function(at, value, domain)
      local bits = 8 * size
      value = math.tointeger(value) or math.floor(value)
      value = value & ((1 << bits) - 1)
      if format:sub(2, 2) == 'i' and value >= 1 << (bits - 1) then value = value - (1 << bits) end
      write(at, pack_text(format, value), domain_of(domain))
    end
  end
  number('u8', '<I1', 1)
  number('s8', '<i1', 1)
  for _, size in ipairs { 2, 3, 4 } do
    number('u' .. 8 * size .. '_le', '<I' .. size, size)
    number('u' .. 8 * size .. '_be', '>I' .. size, size)
    number('s' .. 8 * size .. '_le', '<i' .. size, size)
    number('s' .. 8 * size .. '_be', '>i' .. size, size)
  end
  m.readbyte, m.writebyte = m.read_u8, m.write_u8
  function m.readfloat(at, big, domain) return (unpack_text(big and '>f' or '<f', read(at, 4, domain_of(domain)))) end
  function m.writefloat(at, value, big, domain) write(at, pack_text(big and '>f' or '<f', value), domain_of(domain)) end
  function m.read_bytes_as_binary_string(at, size, domain) return read(at, size, domain_of(domain)) end
  function m.read_bytes_as_array(at, size, domain) return to_table(read(at, size, domain_of(domain)), 1) end
  function m.read_bytes_as_dict(at, size, domain) return to_table(read(at, size, domain_of(domain)), at) end
  function m.readbyterange(at, size, domain) return to_table(read(at, size, domain_of(domain)), 0) end
  function m.write_bytes_as_array(at, list, domain) write(at, to_text(list), domain_of(domain)) end
  function m.write_bytes_as_dict(list, domain)
    for at, value in pairs(list) do write(at, char(value), domain_of(domain)) end
  end
  m.writebyterange = m.write_bytes_as_dict
  return m
end

memory = memory_table(function(domain) return domain end)
for _, name in ipairs {
  'getmemorydomainlist', 'getmemorydomainsize', 'getcurrentmemorydomain', 'getcurrentmemorydomainsize', 'usememorydomain',
  'hash_region',
} do memory[name] = native.memory[name] end
mainmemory = memory_table(native.memory.main_domain)
mainmemory.getname = native.memory.main_domain
function mainmemory.getcurrentmemorydomainsize() return native.memory.getmemorydomainsize(native.memory.main_domain()) end

-- ---- event
event = {}
function event.onframestart(callback, name) return register(lists.frame_start, callback, name) end
function event.onframeend(callback, name) return register(lists.frame_end, callback, name) end
function event.oninputpoll(callback, name) return register(lists.input, callback, name) end
function event.onexit(callback, name) return register(lists.exit, callback, name) end
event.onconsoleclose = event.onexit
function event.onsavestate(callback, name) return register(lists.save, callback, name) end
function event.onloadstate(callback, name) return register(lists.load, callback, name) end
function event.on_bus_exec(callback, address, name, scope)
  if not native.event.stop(address) then return '00000000-0000-0000-0000-000000000000' end
  return register(lists.exec, callback, name, address)
end
event.onmemoryexecute = event.on_bus_exec
for _, name in ipairs { 'on_bus_read', 'on_bus_write', 'on_bus_exec_any', 'onmemoryread', 'onmemorywrite', 'onmemoryexecuteany' } do
  event[name] = function()
    native.console.log(name .. ': this core does not support it')
    return '00000000-0000-0000-0000-000000000000'
  end
end
function event.unregisterbyid(id) return unregister('id', id) end
function event.unregisterbyname(name) return unregister('name', name) end
function event.can_use_callback_params() return true end
function event.availableScopes() return { [0] = 'System Bus' } end

-- ---- gui: texts reach the host's listener; there is no picture to draw on, so drawings are taken and dropped.
gui = copy(native.gui)
function gui.text(_, _, text) native.gui.addmessage(tostring(text)) end
for _, name in ipairs {
  'clearGraphics', 'cleartext', 'clearImageCache', 'createcanvas', 'defaultBackground', 'defaultForeground', 'defaultPixelFont',
  'defaultTextBackground', 'drawAxis', 'drawBezier', 'drawBox', 'drawEllipse', 'drawIcon', 'drawImage', 'drawImageRegion', 'drawLine',
  'drawPie', 'drawPixel', 'drawPolygon', 'drawRectangle', 'drawString', 'drawText', 'pixelText', 'use_surface', 'DrawNew', 'DrawFinish',
} do gui[name] = function() end end

-- ---- the small ones
gameinfo, savestate = copy(native.gameinfo), copy(native.savestate)
memorysavestate = {
  savecorestate = native.savestate.savecorestate,
  loadcorestate = native.savestate.loadcorestate,
  removestate = native.savestate.removestate,
  clearstatesfrommemory = native.savestate.clear,
}
client = copy(native.client)
-- A .NET dictionary in EmuHawk: scripts go through its keys the way .NET does, or index it.
local function enumerable(map)
  local keys = {}
  for key in pairs(map) do keys[#keys + 1] = key end
  table.sort(keys)
  local function GetEnumerator()
    local at = 0
    local enumerator = {}
    function enumerator:MoveNext()
      at = at + 1
      self.Current = keys[at]
      return self.Current ~= nil
    end
    return enumerator
  end
  return setmetatable(map, { __index = { Keys = { GetEnumerator = GetEnumerator }, Count = #keys } })
end
function client.getconfig()
  local config = native.client.getconfig()
  enumerable(config.PreferredCores)
  return config
end
function client.sleep(milliseconds)
  local last = native.socket.gettime() + milliseconds / 1000
  while native.socket.gettime() < last do wait(last - native.socket.gettime()) end
end
client.exactsleep = client.sleep
joypad = { get = native.joypad.get }
function joypad.set(buttons, controller)
  for name, down in pairs(buttons) do native.joypad.set(name, down, controller or 1) end
end
input = { get = function() return {} end, getmouse = function() return { X = 0, Y = 0, Left = false, Middle = false, Right = false } end }
userdata = (function()
  local values = {}
  return {
    set = function(key, value) values[key] = value end,
    get = function(key) return values[key] end,
    remove = function(key) values[key] = nil end,
    clear = function() values = {} end,
    containskey = function(key) return values[key] ~= nil end,
  }
end)()

-- ---- bit, as old BizHawk gives it: 32 bits, unsigned
bit = {}
local function folded(operation)
  return function(first, ...)
    for i = 1, select('#', ...) do first = operation(first, (select(i, ...))) end
    return first & 0xffffffff
  end
end
bit.band = folded(function(a, b) return a & b end)
bit.bor = folded(function(a, b) return a | b end)
bit.bxor = folded(function(a, b) return a ~ b end)
function bit.bnot(a) return ~a & 0xffffffff end
function bit.lshift(a, n) return (a << n) & 0xffffffff end
function bit.rshift(a, n) return (a & 0xffffffff) >> n end
function bit.arshift(a, n)
  a = a & 0xffffffff
  if a & 0x80000000 ~= 0 then a = a | ~0xffffffff end
  return a // (1 << n) & 0xffffffff
end
function bit.rol(a, n) a = a & 0xffffffff n = n % 32 return (a << n | a >> (32 - n)) & 0xffffffff end
function bit.ror(a, n) return bit.rol(a, 32 - n % 32) end
function bit.check(a, n) return a & (1 << n) ~= 0 end
function bit.set(a, n) return (a | 1 << n) & 0xffffffff end
function bit.clear(a, n) return (a & ~(1 << n)) & 0xffffffff end
function bit.byteswap_16(a) return (a & 0xff) << 8 | (a >> 8 & 0xff) end
function bit.byteswap_32(a) return (string.unpack('>I4', string.pack('<I4', a & 0xffffffff))) end

-- ---- comm: the emulator's own outgoing socket
comm = {}
local c = native.comm
local response_timeout = 0
local function ensure_connected()
  while c.connecting() do wait() end
end
function comm.socketServerSend(text)
  ensure_connected()
  return c.send(text, true)
end
function comm.socketServerSendBytes(list)
  ensure_connected()
  return c.send(to_text(list), false)
end
function comm.socketServerResponse()
  ensure_connected()
  local last = response_timeout > 0 and native.socket.gettime() + response_timeout / 1000
  while true do
    local text = c.response()
    if text then return text end
    local left = last and not c.frozen() and last - native.socket.gettime()
    if left and left <= 0 then
      c.drop_partial()
      return ''
    end
    wait(left or nil)
  end
end
function comm.socketServerSetTimeout(milliseconds) response_timeout = milliseconds end
local function reconnect(configure, value)
  response_timeout = 0
  if not configure(value) then return end
  ensure_connected()
  if not c.connected() then error('No connection could be made because the target machine actively refused it', 2) end
end
function comm.socketServerSetIp(ip) reconnect(c.set_ip, ip) end
function comm.socketServerSetPort(port) reconnect(c.set_port, port) end
comm.socketServerGetIp, comm.socketServerGetPort, comm.socketServerGetInfo = c.ip, c.port, c.info
function comm.socketServerIsConnected() ensure_connected() return c.connected() end
comm.socketServerSuccessful = c.successful
`;
