/* Entry point, the decrementer handler and the wait loop. */
#include "layout.h"
    .section .text.start,"ax"
    .globl _start
_start:
    lis     1, 0x8038
    ori     1, 1, 0xFFF0
    li      0, 0
    stwu    0, -16(1)
    bl      run
1:  b       1b
#ifdef WII
    /* Dolphin takes a program for a Wii one when its code writes HID4. Never run. */
    mtspr   1011, 0
#endif

    /* Copied to 0x80000900. Runs untranslated, so it uses physical addresses. */
    .globl dec_handler, dec_handler_end
dec_handler:
    mtspr   272, 3
    mtspr   273, 4
    lis     3, STATE_PHYS_H
    lwz     4, O_TICK(3)
    addi    4, 4, 1
    stw     4, O_TICK(3)
    lis     3, FRAME_TICKS@h
    ori     3, 3, FRAME_TICKS@l
    mfspr   4, 22
    add     4, 4, 3
    mtspr   22, 4
    mfspr   4, 273
    mfspr   3, 272
    rfi
dec_handler_end:

    /* r3 = last tick seen; returns the new one. Shaped so that Dolphin can skip the idle time. */
    .globl wait_tick
wait_tick:
    lis     5, STATE@h
2:  lwz     4, O_TICK(5)
    cmpw    4, 3
    beq     2b
    mr      3, 4
    blr

    /* A test overwrites the first instruction to see when the CPU notices. */
    .globl patchable
    .balign 32
patchable:
    li      3, 1
    blr
    .balign 32

    /* Filled in when a copy is stamped for a slot. */
    .section .ident,"a"
    .asciz  "RILLGATE"
    .balign 16
    .byte   1
    .space  159 - 16
    .balign 32
