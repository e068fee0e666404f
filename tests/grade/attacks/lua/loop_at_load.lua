-- Never ends, before there is a monitor.
while true do end
