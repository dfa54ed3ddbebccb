-- Memory of a machine as the description next to the recordings gives it (tests/vectors/bizhawk/README.md): filled
-- domains, windows from one into another, and first pokes. Bytes are worked out when asked for, so that a 16 MiB ROM
-- costs nothing.

local memory = {}

local floor = math.floor

local FILL = {
  zero = function()
    return 0
  end,
  ramp = function(address)
    return address % 256
  end,
  mix = function(address, seed)
    return (73 * address + 151 * floor(address / 256) + 199 * floor(address / 65536) + seed) % 256
  end,
}

local function window(domain, address)
  for _, map in ipairs(domain.maps) do
    if address >= map.start and address < map.start + map.length then
      return map.to, address - map.start + map.offset
    end
  end
end

local function peek(domain, address)
  if address < 0 or address >= domain.size then
    return 0
  end
  local target, inside = window(domain, address)
  if target then
    return peek(target, inside)
  end
  return domain.bytes[address] or domain.fill(address, domain.seed)
end

local function poke(domain, address, value)
  if address < 0 or address >= domain.size then
    return
  end
  local target, inside = window(domain, address)
  if target then
    poke(target, inside, value)
  elseif domain.writable then
    domain.bytes[address] = value
  end
end

local function apply_pokes(domains, pokes)
  for _, item in ipairs(pokes) do
    local address = item.address
    for hex in item.hex:gmatch('%x%x') do
      domains[item.domain].bytes[address] = tonumber(hex, 16)
      address = address + 1
    end
  end
end

-- Domains by name and in order, with `read(name, address)` and `write(name, address, byte)`; an unknown name means
-- the current domain, as EmuHawk does it.
function memory.new(description)
  local domains, names = {}, {}
  for i, item in ipairs(description.domains) do
    names[i] = item.name
    domains[item.name] = {
      size = item.size,
      writable = item.writable,
      fill = FILL[item.fill],
      seed = item.seed or 0,
      bytes = {},
      maps = {},
    }
  end
  for _, map in ipairs(description.maps) do
    local maps = domains[map.domain].maps
    maps[#maps + 1] = { start = map.start, length = map.length, offset = map.offset, to = domains[map.target] }
  end
  apply_pokes(domains, description.pokes)
  local function named(name)
    return domains[name or ''] or domains[description.currentDomain]
  end
  return {
    names = names,
    size = function(name)
      return named(name).size
    end,
    read = function(name, address)
      return peek(named(name), address)
    end,
    write = function(name, address, value)
      poke(named(name), address, value)
    end,
  }
end

return memory
