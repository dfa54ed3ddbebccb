-- Finds LuaSocket's native core, under any of the ways players have it: Debian's package, a module next to the
-- script in the places where Archipelago ships its own, or a path in CAUSEWAY_SOCKET. The Lua half of LuaSocket is
-- not needed.

local sockets = {}

local WINDOWS = package.config:sub(1, 1) == '\\'

sockets.windows = WINDOWS

local function usable(core)
  return type(core) == 'table' and type(core.tcp) == 'function' and core
end

local function required(name)
  local ok, core = pcall(require, name)
  return ok and usable(core)
end

local function loaded_from(path)
  local open = package.loadlib and package.loadlib(path, 'luaopen_socket_core')
  if not open then
    return nil
  end
  local ok, core = pcall(open)
  return ok and usable(core)
end

-- Folder of this script. Emulators change into it before they run it, but some systems resolve native modules against
-- the emulator's own folder, so the absolute path is better where it can be had.
local function script_folder()
  local source = debug and debug.getinfo and debug.getinfo(1, 'S').source or ''
  return source:match('^@(.*[/\\])') or './'
end

-- Modules for another Lua version or word size crash the emulator instead of failing, hence the exact name.
local function shipped_names()
  local version = _VERSION:match('(%d+%.%d+)') or '5.4'
  local file = 'socket-'
    .. (WINDOWS and 'windows' or 'linux')
    .. '-'
    .. version:gsub('%.', '-')
    .. (WINDOWS and '.dll' or '.so')
  local folder = script_folder()
  local wide = WINDOWS and (os.getenv('PROCESSOR_ARCHITECTURE') or 'AMD64'):find('64') or not WINDOWS
  return { folder .. (wide and 'x64/' or 'x86/') .. file, folder .. file }
end

-- LuaSocket's core table, or nil.
function sockets.find()
  local named = os.getenv('CAUSEWAY_SOCKET')
  if named and named ~= '' then
    return loaded_from(named)
  end
  local core = required('socket.core') or required('socket')
  if core then
    return core
  end
  for _, path in ipairs(shipped_names()) do
    core = loaded_from(path)
    if core then
      return core
    end
  end
  return nil
end

return sockets
