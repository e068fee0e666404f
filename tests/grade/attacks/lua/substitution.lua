-- Functions with patterns.
return function() return ("x"):rep(1000):gsub(("x*"):rep(100), "y") end
