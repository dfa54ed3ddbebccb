; Marshlight, a game for the SNES that a multiworld client can play with. Own work, no third-party code or data.
;
; One source, three cartridges: assemble with -D MAP=0 (LoROM), 1 (HiROM) or 2 (ExHiROM). The keeper of the light walks the
; marsh by itself: every AUTO frames it opens the next chest it can get to. What clients may touch is in README.md; the
; TypeScript side holds the same numbers (src/snes-game/memory-map.ts).

.p816
.smart -
.ifndef MAP
MAP = 0
.endif

; ---------------------------------------------------------------- what clients see
API      = $1000            ; $7E:1000
MAGIC    = API+$00          ; 16 bytes, written last at boot
FRAMES   = API+$10          ; u32 frame counter, +1 per vertical blank
MODE     = API+$14          ; u8: 0 boot, 1 title, 2 playing, 3 dead
HEALTH   = API+$15          ; u8
BOOTS    = API+$16          ; u8, +1 per reset
GOAL     = API+$17          ; u8: 1 once the light is lit (saved)
CHESTS   = API+$20          ; 4 bytes, six flags each, one byte per stage (saved)
AUTO     = API+$28          ; u16, frames between chests, from the stamp (0 = never)
AUTOCNT  = API+$2A          ; u16, frames since the last one
DEADCNT  = API+$2C          ; u16, frames since the keeper died
MBOX     = API+$30          ; u8: 0 empty, 1 = the three fields below are filled
MB_SEQ   = API+$32          ; u16, number of the item in the received list, from 1
MB_ITEM  = API+$34          ; u16, code of the item
MB_FROM  = API+$36          ; u16, slot it is from
RECV     = API+$40          ; u16, items taken so far (saved)
REFUSED  = API+$42          ; u16, mailboxes with another number than the next
LASTITEM = API+$44          ; u16
LASTFROM = API+$46          ; u16
COMMAND  = API+$60          ; u8, for tests: see CMD_ below; cleared when done
ARG      = API+$62          ; u16
DEATHS   = API+$64          ; u16, since the reset
KILL     = API+$68          ; u8: 1 = the keeper dies at the next frame of play
WRAPCHK  = API+$70          ; u32, FRAMES xor $5A5A5A5A
OWNER    = API+$80          ; 96 bytes: slot name and seed the save was begun with, 48 each (saved)
ITEMS    = API+$100         ; 256 x u8, how many of each item, counted from the bag at every start

PAT2     = $7F8000          ; 256 bytes pattern in the second work RAM bank

.if MAP = 0
SAVE     = $700000
.elseif MAP = 1
SAVE     = $306000
.else
SAVE     = $A06000
.endif
; save RAM: +0 "MLSV", +4 u16 RECV, +6 u8 GOAL, +8 CHESTS, +$10 OWNER, +$100 ITEMS (a copy, never read back),
; +$200 the bag: codes in the order taken

STAGES   = 4
FULL     = $3F              ; all six chests of a stage
TITLE_FRAMES = 60
DEAD_FRAMES  = 90
SPARK    = 4                ; code of the item the light needs
SPARKS   = 5                ; how many of it
BAG      = 256              ; items it holds: mail beyond them stays where it is
OWNER_SIZE = 96

CMD_OPEN  = 1               ; ARG = stage * 8 + chest
CMD_DIE   = 3
CMD_WIPE  = 5               ; forget everything, save RAM too

; direct page scratch
tmp  = $00

.segment "CODE"

.proc reset
    sei
    clc
    xce                     ; native mode
    rep #$38                ; A, X, Y 16 bit, decimal off
    .a16
    .i16
    ldx #$01FF
    txs
    lda #$0000
    tcd
    sep #$20
    .a8
    lda #$00
    pha
    plb                     ; data bank 0: low RAM mirror and I/O
    lda #$8F
    sta $2100               ; blank
    stz $4200               ; no NMI yet
    stz $420B
    stz $420C
    lda #$01
    sta $420D               ; fast ROM, harmless on slow
    jsr ppu_init

    inc a:BOOTS
    ; clear the API block except BOOTS
    rep #$30
    .a16
    lda a:BOOTS-1
    and #$FF00
    sta tmp
    ldx #$0000
:   stz a:API,x
    inx
    inx
    cpx #$0200
    bne :-
    sep #$20
    .a8
    lda tmp+1
    sta a:BOOTS

    ; pattern in bank 7F: byte n = n xor $A5
    rep #$30
    .a16
    ldx #$0000
    sep #$20
    .a8
:   txa
    eor #$A5
    sta f:PAT2,x
    inx
    cpx #$0100
    bne :-

    jsr load_save
    rep #$20
    .a16
    lda a:INFO_AUTO
    sta a:AUTO
    sep #$20
    .a8
    lda #$01
    sta a:MODE
    lda #3
    sta a:HEALTH

    ldx #$0000
:   lda f:magic,x
    sta a:MAGIC,x
    inx
    cpx #$0010
    bne :-

    lda #$0F
    sta $2100               ; screen on
    lda #$80
    sta $4200               ; NMI on
forever:
    wai
    bra forever
.endproc

.proc ppu_init
    .a8
    .i16
    ldx #$2101
:   stz a:$0000,x
    inx
    cpx #$210D
    bne :-
    ldx #$210D
:   stz a:$0000,x
    stz a:$0000,x
    inx
    cpx #$2115
    bne :-
    lda #$80
    sta $2115
    stz $2116
    stz $2117
    stz $211A
    ldx #$2123
:   stz a:$0000,x
    inx
    cpx #$2134
    bne :-
    lda #$E0
    sta $2132
    stz $212C               ; backdrop colour only
    stz $2121
    stz $2122
    stz $2122
    rts
.endproc

; ---- read the save, or make one
.proc load_save
    .a8
    .i16
    ldx #$0000
:   lda f:SAVE,x
    cmp f:savemagic,x
    bne fresh
    inx
    cpx #$0004
    bne :-
    bra good
fresh:
    jsr wipe_save
good:
    rep #$20
    .a16
    lda f:SAVE+4
    sta a:RECV
    lda f:SAVE+8
    sta a:CHESTS
    lda f:SAVE+10
    sta a:CHESTS+2
    ldx #$0000
:   lda f:SAVE+$10,x
    sta a:OWNER,x
    inx
    inx
    cpx #OWNER_SIZE
    bne :-
    sep #$20
    .a8
    lda f:SAVE+6
    sta a:GOAL
    jmp count_bag
.endproc

; ---- what the keeper has is what the bag says: so a reset between two writes can neither lose nor double an item
.proc count_bag
    .a8
    .i16
    ldx #$0000
:   stz a:ITEMS,x
    inx
    cpx #$0100
    bne :-
    ldx #$0000
next:
    cpx a:RECV
    beq done
    cpx #BAG
    beq done                ; no save of ours
    phx
    rep #$20
    .a16
    lda f:SAVE+$200,x
    and #$00FF
    tax
    sep #$20
    .a8
    inc a:ITEMS,x
    plx
    inx
    bra next
done:
    jmp light_if_enough
.endproc

.proc light_if_enough
    .a8
    lda a:ITEMS+SPARK
    cmp #SPARKS
    bcc done
    lda #$01
    sta a:GOAL
    sta f:SAVE+6
done:
    rts
.endproc

.proc wipe_save
    .a8
    .i16
    rep #$20
    .a16
    lda #$0000
    ldx #$0000
:   sta f:SAVE,x
    inx
    inx
    cpx #$0300
    bne :-
    sep #$20
    .a8
    ldx #$0000
:   lda a:INFO_OWNER,x
    sta f:SAVE+$10,x
    inx
    cpx #OWNER_SIZE
    bne :-
    ldx #$0000              ; last: what was interrupted before is no save
:   lda f:savemagic,x
    sta f:SAVE,x
    inx
    cpx #$0004
    bne :-
    rts
.endproc

; ---- once per vertical blank
.proc nmi
    rep #$38
    .a16
    .i16
    pha
    phx
    phy
    phd
    phb
    lda #$0000
    tcd
    sep #$20
    .a8
    lda #$00
    pha
    plb
    lda $4210               ; acknowledge

    rep #$20
    .a16
    inc a:FRAMES
    bne :+
    inc a:FRAMES+2
:   lda a:FRAMES
    eor #$5A5A
    sta a:WRAPCHK
    lda a:FRAMES+2
    eor #$5A5A
    sta a:WRAPCHK+2
    sep #$20
    .a8

    jsr do_command
    jsr do_mode
    jsr do_kill
    jsr do_mailbox
    jsr do_timer
    jsr do_colour

    plb
    pld
    rep #$30
    .a16
    ply
    plx
    pla
    rti
.endproc

.proc do_command
    .a8
    .i16
    lda a:COMMAND
    beq done
    cmp #CMD_OPEN
    bne :+
    lda a:ARG
    jsr open_chest
    bra clear
:   cmp #CMD_DIE
    bne :+
    jsr die
    bra clear
:   cmp #CMD_WIPE
    bne clear
    jsr wipe_save
    jsr load_save
clear:
    stz a:COMMAND
done:
    rts
.endproc

; ---- the title ends by itself, and so does death
.proc do_mode
    .a8
    .i16
    lda a:MODE
    cmp #$01
    bne :+
    rep #$20
    .a16
    lda a:FRAMES
    cmp #TITLE_FRAMES
    sep #$20
    .a8
    bcc done
    bra play
:   cmp #$03
    bne done
    rep #$20
    .a16
    inc a:DEADCNT
    lda a:DEADCNT
    cmp #DEAD_FRAMES
    sep #$20
    .a8
    bcc done
play:
    lda #3
    sta a:HEALTH
    lda #$02
    sta a:MODE
done:
    rts
.endproc

.proc do_kill
    .a8
    .i16
    lda a:KILL
    beq done
    lda a:MODE
    cmp #$02
    bne done                ; stays pending until the player is in the game
    stz a:KILL
    jsr die
done:
    rts
.endproc

.proc die
    .a8
    .i16
    stz a:HEALTH
    lda #$03
    sta a:MODE
    rep #$20
    .a16
    stz a:DEADCNT
    inc a:DEATHS
    sep #$20
    .a8
    rts
.endproc

; ---- take one item per frame, only while playing, only the next number
.proc do_mailbox
    .a8
    .i16
    lda a:MBOX
    cmp #$01
    bne done
    lda a:MODE
    cmp #$02
    bne done                ; left in place until the keeper is in the marsh
    rep #$20
    .a16
    lda a:RECV
    cmp #BAG
    bcs full
    inc a
    cmp a:MB_SEQ
    beq take
    inc a:REFUSED
    sep #$20
    .a8
    stz a:MBOX
    rts
take:
    .a16
    sta tmp
    ldx a:RECV
    lda a:MB_FROM
    sta a:LASTFROM
    lda a:MB_ITEM
    sta a:LASTITEM
    sep #$20
    .a8
    sta f:SAVE+$200,x       ; its code, in the order taken: first, so that the count is never ahead
    rep #$20
    .a16
    and #$00FF
    tax
    lda tmp
    sta a:RECV
    sta f:SAVE+4
    sep #$20
    .a8
    inc a:ITEMS,x
    lda a:ITEMS,x
    sta f:SAVE+$100,x
    jsr light_if_enough
    stz a:MBOX
done:
    rts
full:
    sep #$20
    .a8
    rts
.endproc

; ---- the keeper walks on
.proc do_timer
    .a8
    .i16
    lda a:MODE
    cmp #$02
    bne done
    rep #$20
    .a16
    lda a:AUTO
    beq done16
    inc a:AUTOCNT
    lda a:AUTOCNT
    cmp a:AUTO
    bcc done16
    stz a:AUTOCNT
    sep #$20
    .a8
    jsr open_next
    rts
done16:
    sep #$20
    .a8
done:
    rts
.endproc

; ---- opens the first closed chest of the first stage that can be reached: stage n needs item n
.proc open_next
    .a8
    .i16
    ldx #$0000
stage:
    cpx #$0000
    beq open_here
    lda a:ITEMS,x
    beq next
open_here:
    lda a:CHESTS,x
    cmp #FULL
    beq next
    eor #$FF                ; the lowest clear bit: (v + 1) & ~v
    sta tmp
    lda a:CHESTS,x
    inc a
    and tmp
    ora a:CHESTS,x
    sta a:CHESTS,x
    sta f:SAVE+8,x
    rts
next:
    inx
    cpx #STAGES
    bne stage
    rts
.endproc

; ---- A = stage * 8 + chest; sets the flag in work RAM and save RAM
.proc open_chest
    .a8
    .i16
    pha
    rep #$20
    .a16
    and #$001F
    lsr
    lsr
    lsr
    tay
    sep #$20
    .a8
    pla
    rep #$20
    .a16
    and #$0007
    tax
    sep #$20
    .a8
    lda f:bits,x
    tyx
    ora a:CHESTS,x
    sta a:CHESTS,x
    sta f:SAVE+8,x
    rts
.endproc

; ---- backdrop: green while playing, red when dead, blue otherwise; moves with the frame
.proc do_colour
    .a8
    .i16
    stz $2121
    rep #$20
    .a16
    lda a:FRAMES
    lsr
    lsr
    and #$001F
    sta tmp
    sep #$20
    .a8
    lda a:MODE
    cmp #$02
    beq green
    cmp #$03
    beq red
    stz $2122
    lda tmp
    asl
    asl
    sta $2122
    rts
green:
    rep #$20
    .a16
    lda tmp
    asl
    asl
    asl
    asl
    asl
    sta tmp
    sep #$20
    .a8
    lda tmp
    sta $2122
    lda tmp+1
    sta $2122
    rts
red:
    lda tmp
    sta $2122
    stz $2122
    rts
.endproc

.proc irq
    rti
.endproc

magic:     .byte "MARSHLIGHT/SNES", 0
savemagic: .byte "MLSV"
bits:      .byte $01,$02,$04,$08,$10,$20,$40,$80

; ---- what a copy says about itself: filled in per slot, see src/snes-game/identification.ts
.segment "INFO"
    .byte "MARSHLIGHT"      ; +0
    .byte 1                 ; +10 version
    .byte 0                 ; +11 1: deaths are shared
INFO_AUTO:
    .word 0                 ; +12 frames between chests, 0: only by command
    .res 2, 0
INFO_OWNER:
    .res OWNER_SIZE, 0      ; +16 slot name, +64 seed
    .res 4, 0               ; +112 stamp: 0 in a copy that is nobody's
    .repeat 128, n
    .byte (n * 7 + 3) & $FF
    .endrepeat

.segment "HEADER"
    .byte "CW"              ; maker
    .byte "MLIT"            ; game code
    .res 6, 0
    .byte 0                 ; flash
    .byte 0                 ; expansion RAM
    .byte 0                 ; special version
    .byte 0                 ; coprocessor subtype
    .byte "MARSHLIGHT           "
.if MAP = 0
    .byte $20
    .byte $02, $07, $03     ; ROM+RAM+battery, 128 KiB, 8 KiB
.elseif MAP = 1
    .byte $21
    .byte $02, $07, $03
.else
    .byte $25
    .byte $02, $0D, $03
.endif
    .byte $01               ; region: North America
    .byte $33
    .byte $00
    .word $FFFF             ; complement and checksum: of the whole cartridge
    .word $0000

.segment "VECTORS"
    .word 0, 0, irq, irq, irq, nmi, 0, irq          ; native
    .word 0, 0, irq, 0,   irq, irq, reset, irq      ; emulation
