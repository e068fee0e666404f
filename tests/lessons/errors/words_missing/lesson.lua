local lesson = {machines = {one = {guest = "one.s"}}}
lesson.checks = {go = function(m)
  if m:time().instructions > 0 then return true end
  return false, translated "only %d":format(m:time().instructions)
end}
lesson.moves = {go = function(m) m:step() end}
return lesson
