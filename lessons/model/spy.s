# spy.s: a guest for the pocket machine. Its memory has 48 words. Let it print what its neighbour keeps at 72.
#
# Under the careless monitor the neighbour's partition begins behind this one's, so 72 is an address of the neighbour's.
# What you need: set rd, n (n from 0 to 15), add rd, rs, setr rs1, rs2 (base, bound), load rd, rs, out rd, halt rd.

_start: halt    r0
