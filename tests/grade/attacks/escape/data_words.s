# getbase, which this program must do without, stands among its data, and is jumped to.
_start: la      t0, words
        jr      t0
        .data
words:  .word   0x0200350b              # getbase a0
        .word   0x00a03533              # snez a0, a0
        .word   0x0805700b              # halt a0
