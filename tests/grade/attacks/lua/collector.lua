-- Stops the collector.
collectgarbage "stop"
return function() end
