# Your work: two labels. SPDX-License-Identifier: MIT-0
#
# install   called once, by jal ra, install, in supervisor mode: sees to it that all traps go to handler
# handler   of a supervisor call (ecall): doubles a0, leaves all other registers as they are, and goes on behind the call,
#           in the mode from which it came; of any other trap: halts with the number of its cause
install:
        ret

handler:
        halt    zero
