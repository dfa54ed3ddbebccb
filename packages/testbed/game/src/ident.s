; What the ROM says about itself, at the start of PRG ROM. Filled in per player by stampRom().
.segment "IDENT"
ident:
    .byte "EMBERWALK"
    .res 16 - 9, 0
    .byte 1                 ; version of this block
ident_delivery:
    .byte 0                 ; 0: the game advances the counter, 1: the client does
    .byte 0                 ; deaths are shared
    .byte 0
ident_stamp:
    .res 4, 0               ; CRC-32 of the fields; 0: never stamped
    .res 8, 0
ident_slot:
    .res 64, 0
    .res 64, 0              ; seed
    .res 96, 0
.code
