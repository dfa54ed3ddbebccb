-- Plays Emberwalk in FCEUX without a bridge: an item for every chest, and a line for every change of note.
-- CAUSEWAY_LOG: where the lines go. CAUSEWAY_ITEMS: item codes in the order they come. CAUSEWAY_TURNS: when to stop.
local log = assert(io.open(os.getenv("CAUSEWAY_LOG"), "w"))
local turns = tonumber(os.getenv("CAUSEWAY_TURNS"))
local items = {}
for code in os.getenv("CAUSEWAY_ITEMS"):gmatch("%d+") do
  items[#items + 1] = tonumber(code)
end
local read, write = memory.readbyte, memory.writebyte
local last

emu.speedmode("maximum")
while true do
  emu.frameadvance()
  local playing = read(0x0700) == 0x50
  local turn = read(0x0706) + 256 * read(0x0707)
  local seen = {}
  for _, address in ipairs({ 0x0700, 0x0701, 0x0705, 0x6013, 0x6014, 0x6018 }) do
    seen[#seen + 1] = read(address)
  end
  local line = table.concat(seen, " ")
  if playing and line ~= last then
    log:write(turn, ": ", line, " in ", read(0x0702), "\n")
    last = line
  end
  local taken, chests = read(0x6014), read(0x0705)
  if playing and read(0x0710) == 0 and taken < chests and items[taken + 1] then
    write(0x0711, items[taken + 1])
    write(0x0712, taken)
    write(0x0710, 1)
  end
  if playing and turn >= turns then
    log:close()
    emu.exit()
  end
end
