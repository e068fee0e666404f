# SPDX-License-Identifier: MIT-0
_start: getflags a0
        andi    a0, a0, 1
        halt    a0
