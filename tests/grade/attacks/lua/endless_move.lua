-- A range that never ends, for move and unpack.
return function()
  pcall(table.unpack, {}, 1, 1 << 40)
  table.move({}, 1, 1 << 60, 2)
end
