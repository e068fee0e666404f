# For x86:pg74: where does the guest stand?
        .global _start
_start: sgdt    a0
        halt    a0
