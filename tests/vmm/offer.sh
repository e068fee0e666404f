# What the paravirtual monitor offers can be changed in its image.
exec "$PG74" shell tests/vmm/offer.lua
