-- Prints without end.
return function() while true do print(("x"):rep(100000)) end end
