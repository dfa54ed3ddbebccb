-- Domains for emulators that offer plain functions on memory: what lies outside reads as zero and is not written,
-- and a name that does not exist means the current domain. EmuHawk behaves so, and games' modules are written for
-- it.
--
-- A domain is { name, size, writable, read = f(address, size), write = f(address, bytes) }.

local ranged = {}

local max, min, rep, sub = math.max, math.min, string.rep, string.sub

function ranged.read(domain, address, size)
  local first, last = max(address, 0), min(address + size, domain.size)
  if first >= last then
    return rep('\0', size)
  end
  local bytes = domain.read(first, last - first)
  if last - first == size then
    return bytes
  end
  return rep('\0', first - address) .. bytes .. rep('\0', address + size - last)
end

function ranged.write(domain, address, bytes)
  local first, last = max(address, 0), min(address + #bytes, domain.size)
  if domain.writable and first < last then
    domain.write(first, sub(bytes, first - address + 1, last - address))
  end
end

return ranged
