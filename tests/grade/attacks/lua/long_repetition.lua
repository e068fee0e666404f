-- A text of a thousand million bytes.
return function() return ("x"):rep(1000000000) end
