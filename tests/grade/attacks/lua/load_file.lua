-- Runs a file of the lab's: the solution.
return dofile "lessons/labs/hosted_monitor/solution/monitor.lua"
