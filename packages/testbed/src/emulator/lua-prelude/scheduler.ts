/**
 * How scripts are scheduled, in Lua.
 *
 * All of Lua is one coroutine to the host. It runs a step (load, pass, frame, event …), then yields `0`; while a script waits
 * for a socket it yields `1` and the seconds it is willing to wait (negative: for ever), and the host resumes it when
 * something happened. So a blocking `receive` stops the emulated machine, as it does in EmuHawk, and JavaScript goes on.
 *
 * A wait passes through coroutines that the script made itself: `coroutine.resume` and `wrap` are replaced by ones that
 * hand it upwards. `require`, `dofile` are written in Lua, because Lua cannot yield across C functions.
 *
 * A callback keeps its coroutine from call to call, so an idle frame allocates nothing.
 */
export const SCHEDULER = /* lua */ `
local native = ...
local raw_resume, raw_yield, create, status = coroutine.resume, coroutine.yield, coroutine.create, coroutine.status
local WAIT, FRAME, YIELD, DONE = {}, {}, {}, {}

-- Stops all of Lua until a socket stirs or the seconds are over. May return early: callers look again.
local function wait(seconds) raw_yield(WAIT, seconds or -1) end

local function pass_up(co, ok, token, ...)
  if ok and (token == WAIT or token == FRAME or token == YIELD) then
    raw_yield(token, ...)
    return pass_up(co, raw_resume(co))
  end
  return ok, token, ...
end

local function unwrap(ok, first, ...)
  if ok then return first, ... end
  error(first, 0)
end

function coroutine.resume(co, ...) return pass_up(co, raw_resume(co, ...)) end
function coroutine.wrap(body)
  local co = create(body)
  return function(...) return unwrap(pass_up(co, raw_resume(co, ...))) end
end

local function report(what, co, failure)
  local text = tostring(failure)
  if type(failure) == 'string' then text = debug.traceback(co, text) end
  native.console.failed(what, text)
end

-- ---- The script itself: one task that waits for a frame, for a pass of the host's loop, or has ended.
local task = { co = nil, awaits = nil }

local function settle(ok, token, seconds)
  if not ok then
    report('script', task.co, token)
    task.co, task.awaits = nil, nil
    return
  end
  if token == WAIT then
    raw_yield(1, seconds)
    return settle(raw_resume(task.co))
  end
  if status(task.co) == 'dead' then task.co, task.awaits = nil, nil
  else task.awaits = token == FRAME and FRAME or YIELD end
end

local function advance(frames_too)
  if task.awaits == YIELD or (frames_too and task.awaits == FRAME) then
    task.awaits = nil
    return settle(raw_resume(task.co))
  end
end

-- ---- Callbacks
local in_callback = false
local lists = { frame_start = {}, frame_end = {}, exit = {}, input = {}, save = {}, load = {}, exec = {} }

local function body_of(entry)
  return function(a, b, c)
    while true do
      entry.callback(a, b, c)
      a, b, c = raw_yield(DONE)
    end
  end
end

local function finish(entry, ok, token, seconds)
  if not ok then
    report(entry.name, entry.co, token)
    entry.co = nil
  elseif token == WAIT then
    raw_yield(1, seconds)
    return finish(entry, raw_resume(entry.co))
  elseif token ~= DONE then
    native.console.failed(entry.name, 'a callback cannot wait for a frame')
    entry.co = nil
  end
end

local function fire(list, a, b, c)
  local count, gone = #list, false
  for i = 1, count do
    local entry = list[i]
    if entry.removed then gone = true
    elseif entry.address == nil or entry.address == a then
      entry.co = entry.co or create(entry.body)
      in_callback = true
      finish(entry, raw_resume(entry.co, a, b, c))
      in_callback = false
    end
  end
  if not gone then return end
  for i = #list, 1, -1 do if list[i].removed then table.remove(list, i) end end
end

local function register(list, callback, name, address)
  if type(callback) ~= 'function' then error('a function is expected', 3) end
  local entry = { callback = callback, name = name or 'callback', address = address, id = native.event.new_id() }
  entry.body = body_of(entry)
  list[#list + 1] = entry
  return entry.id
end

local function unregister(key, value)
  local found = false
  for _, list in pairs(lists) do
    for _, entry in ipairs(list) do
      if entry[key] == value and not entry.removed then
        entry.removed, found = true, true
        if entry.address then native.event.forget_stop(entry.address) end
      end
    end
  end
  return found
end

-- ---- Loading
local function load_file(path)
  local source, chunk = native.files.read(path)
  if source == nil then return nil, 'cannot open ' .. tostring(path) end
  return load(source, '@' .. chunk)
end

function loadfile(path) return load_file(path) end
function dofile(path)
  local chunk, failure = load_file(path)
  if not chunk then error(failure, 2) end
  return chunk()
end

-- What the host itself offers. Files beside the script come first: scripts that bring a \`socket.lua\` of their own mean that.
local builtin = {}

local function find_module(name)
  local chunk = package.preload[name]
  if chunk then return chunk, ':preload:' end
  for template in package.path:gmatch('[^;]+') do
    local path = template:gsub('%?', (name:gsub('%.', '/')))
    local source, full = native.files.read(path)
    if source then
      local loaded, failure = load(source, '@' .. full)
      if not loaded then error(failure, 0) end
      return loaded, full
    end
  end
  if builtin[name] then return builtin[name], ':host:' end
  error("module '" .. name .. "' not found", 3)
end

package.path = './?.lua;./?/init.lua'
package.cpath = ''
function require(name)
  local known = package.loaded[name]
  if known ~= nil then return known end
  local chunk, from = find_module(name)
  local value = chunk(name, from)
  if value == nil then value = package.loaded[name] end
  if value == nil then value = true end
  package.loaded[name] = value
  return value, from
end

local function start_script()
  local source, chunk = native.files.script()
  local main, failure = load(source, '@' .. chunk)
  if not main then
    native.console.failed('script', failure)
    return
  end
  task.co = create(main)
  settle(raw_resume(task.co))
end
`;

/** The steps the host can ask for, see {@link STEPS}, and the coroutine that runs them. Ends the prelude. */
export const ROOT = /* lua */ `
local steps = {
  start_script,
  function() advance(false) end,
  function() advance(true); fire(lists.frame_start); fire(lists.input) end,
  function() fire(lists.frame_end) end,
  function() fire(lists.exit) end,
  function(address) fire(lists.exec, address, 0, 0) end,
  function() fire(lists.save, '') end,
  function() fire(lists.load, '') end,
}

return function(step, argument)
  while true do
    steps[step](argument)
    step, argument = raw_yield(0)
  end
end
`;

/** Numbers of the steps in {@link ROOT}. */
export const STEPS = {
  load: 1,
  pass: 2,
  beforeFrame: 3,
  afterFrame: 4,
  exit: 5,
  exec: 6,
  stateSaved: 7,
  stateLoaded: 8,
} as const;
export type Step = (typeof STEPS)[keyof typeof STEPS];
