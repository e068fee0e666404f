-- Loads more.
return load "return function() while true do end end" ()
