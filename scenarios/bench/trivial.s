# trivial.s: halts at once: what it takes to start.
        .global _start
_start: halt x0
