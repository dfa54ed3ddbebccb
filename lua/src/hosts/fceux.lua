-- FCEUX's Lua API (2.6.5, Lua 5.1) as a host. Domains are named as BizHawk names them, so that a game's module cannot
-- tell the difference. Beware: FCEUX's `tostring` prints all its arguments; pass it one at most.

local connector = require('connector')
local ranged = require('ranged')

local emu, gui, memory, ppu, rom = _G.emu, _G.gui, _G.memory, _G.ppu, _G.rom

local byte, char, concat, floor = string.byte, string.char, table.concat, math.floor

local HEADER_BYTES, TRAINER_BYTES = 16, 512
local PRG_BANK_BYTES, CHR_BANK_BYTES = 16384, 8192
local BUS_BYTES, RAM_BYTES, WRAM_BYTES, PALRAM_BYTES = 65536, 2048, 8192, 32
local WRAM_ADDRESS, PALRAM_ADDRESS = 0x6000, 0x3F00

local host = { name = 'FCEUX', rom_changes = true, print = _G.print, frame = emu.framecount }

local current = {}
local bus

function host.system()
  return emu.emulating() and 'NES' or 'NULL'
end

function host.hash()
  return emu.emulating() and (rom.gethash('md5') or ''):upper() or ''
end

function host.preferred_cores()
  return {}
end

function host.message(text)
  emu.message(text)
end

-- A window on the processor's address space. Reading registers there does what the processor's reading does.
local function bus_domain(name, start, size)
  return {
    name = name,
    size = size,
    writable = true,
    read = function(address, count)
      return memory.readbyterange(start + address, count)
    end,
    write = function(address, bytes)
      for i = 1, #bytes do
        memory.writebyte(start + address + i - 1, byte(bytes, i))
      end
    end,
  }
end

local function file_domain(name, start, size)
  return {
    name = name,
    size = size,
    writable = false,
    read = function(address, count)
      local bytes, first = {}, start + address
      for i = 1, count do
        bytes[i] = char(rom.readbyte(first + i - 1))
      end
      return concat(bytes)
    end,
  }
end

local function palette_domain()
  return {
    name = 'PALRAM',
    size = PALRAM_BYTES,
    writable = false,
    read = function(address, count)
      return ppu.readbyterange(PALRAM_ADDRESS + address, count)
    end,
  }
end

-- Sizes from the iNES header; NES 2.0 keeps high bits of the bank counts and RAM sizes in bytes 9 and 10.
local function cartridge()
  local header = {}
  for i = 0, HEADER_BYTES - 1 do
    header[i] = rom.readbyte(i)
  end
  local flags, is_nes2 = header[6], floor(header[7] / 4) % 4 == 2
  local prg_banks = header[4] + (is_nes2 and header[9] % 16 * 256 or 0)
  local chr_banks = header[5] + (is_nes2 and floor(header[9] / 16) * 256 or 0)
  local battery = floor(flags / 2) % 2 == 1
  local start = HEADER_BYTES + (floor(flags / 4) % 2 == 1 and TRAINER_BYTES or 0)
  return {
    prg_start = start,
    prg_size = prg_banks * PRG_BANK_BYTES,
    chr_start = start + prg_banks * PRG_BANK_BYTES,
    chr_size = chr_banks * CHR_BANK_BYTES,
    has_wram = battery or (is_nes2 and header[10] or header[8]) > 0,
  }
end

function host.domains()
  local cart = cartridge()
  bus = bus_domain('System Bus', 0, BUS_BYTES)
  local list = { bus_domain('RAM', 0, RAM_BYTES), bus, file_domain('PRG ROM', cart.prg_start, cart.prg_size) }
  if cart.chr_size > 0 then
    list[#list + 1] = file_domain('CHR VROM', cart.chr_start, cart.chr_size)
  end
  if cart.has_wram then
    list[#list + 1] = bus_domain('WRAM', WRAM_ADDRESS, WRAM_BYTES)
  end
  if ppu and ppu.readbyterange then
    list[#list + 1] = palette_domain()
  end
  current = {}
  local described = {}
  for i, domain in ipairs(list) do
    current[domain.name] = domain
    described[i] = { name = domain.name, size = domain.size, writable = domain.writable }
  end
  return described
end

local function domain_named(name)
  return name and current[name] or bus
end

function host.size(name)
  return domain_named(name).size
end

function host.read(name, address, size)
  return ranged.read(domain_named(name), address, size)
end

function host.write(name, address, bytes)
  ranged.write(domain_named(name), address, bytes)
end

host.on_exit = emu.registerexit

function host.run(step)
  -- While paused only drawing callbacks run.
  gui.register(function()
    if emu.paused() then
      step()
    end
  end)
  while true do
    step()
    emu.frameadvance()
  end
end

local function wait_for_rom()
  if emu.emulating() then
    return
  end
  host.print('Causeway: load a ROM to begin')
  while not emu.emulating() do
    emu.frameadvance()
  end
end

wait_for_rom()
connector.run(host)
