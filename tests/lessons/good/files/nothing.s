_start: halt a0
