# A guest that does its worst hurts only itself, under every monitor: isolation.lua has the pairs.
exec "$PG74" shell tests/vmm/isolation.lua
