return function() return 3 end
