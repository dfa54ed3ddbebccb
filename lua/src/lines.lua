-- Cuts a byte stream into lines, however it was sliced on its way. A half line stays here until the rest comes,
-- which is what the reference script loses.

local lines = {}
lines.__index = lines

local concat, find, gsub, sub = table.concat, string.find, string.gsub, string.sub

function lines.new(max_bytes)
  return setmetatable({ max_bytes = max_bytes, pieces = {}, count = 0, size = 0, chunk = '', position = 1 }, lines)
end

-- Hands over what a socket gave; call it only when `next` has said nil.
function lines:push(chunk)
  self.chunk, self.position = chunk, 1
end

-- The next whole line without its end, or nil. Carriage returns are dropped wherever they stand, as LuaSocket's line
-- mode does for the reference. `overlong` becomes true, for good, once a line passes the bound.
function lines:next()
  local chunk, position = self.chunk, self.position
  if position > #chunk then
    return nil
  end
  local stop = find(chunk, '\n', position, true)
  local piece = sub(chunk, position, stop and stop - 1 or -1)
  self.position = (stop or #chunk) + 1
  self.size = self.size + #piece
  if self.size > self.max_bytes then
    self.overlong = true
    return nil
  end
  if self.count > 0 or not stop then
    self.count = self.count + 1
    self.pieces[self.count] = piece
  end
  if not stop then
    return nil
  end
  if self.count > 0 then
    piece = concat(self.pieces, '', 1, self.count)
    self.pieces, self.count = {}, 0
  end
  self.size = 0
  return find(piece, '\r', 1, true) and gsub(piece, '\r', '') or piece
end

-- The beginning of a line that has not ended yet.
function lines:rest()
  return concat(self.pieces, '', 1, self.count) .. sub(self.chunk, self.position)
end

-- Whether bytes are left that `next` has not looked at.
function lines:waiting()
  return self.position <= #self.chunk
end

return lines
