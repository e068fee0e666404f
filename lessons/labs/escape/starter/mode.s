# Your work. SPDX-License-Identifier: MIT-0
_start: li a0, 2
        halt a0
