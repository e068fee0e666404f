# Two guests take turns, each with half a dozen tables: more than there is room for.
        .equ    rounds, 3
#! include turns.inc
#! guest
        .equ    rounds, 2
#! include turns.inc
