-- Takes all memory, by tables.
return function() local t = {} while true do t = {t, t, {}} end end
