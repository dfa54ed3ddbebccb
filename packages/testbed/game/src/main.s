; Emberwalk: a small walk through nine rooms, made to be played by several people in several worlds at once.
;
; One translation unit; each file below holds one subject. Built by ../build.sh.

.linecont +

.include "memory.inc"
.include "ident.s"
.include "save.s"
.include "items.s"
.include "video.s"
.include "screens.s"
.include "hero.s"
.include "autopilot.s"
.include "sprites.s"
.include "sound.s"
.include "world.s"
.include "texts.s"
.include "tiles.s"

.segment "HEADER"
    .byte "NES", $1A
    .byte 2                 ; 32 KiB PRG ROM
    .byte 1                 ; 8 KiB CHR ROM
    .byte $12               ; mapper 1 (MMC1), battery
    .byte $00
    .res 8, 0

.segment "FIXED"            ; the last bank: there whatever state the mapper wakes up in
reset:
    sei
    cld
    ldx #$00
    stx STATE               ; closes the gate before anything else can go wrong
    stx PPUCTRL
    stx PPUMASK
    stx $4010
    dex
    txs
    lda #$40
    sta $4017
    lda #$80                ; the high bit: MMC1 forgets what was half written
    sta $8000
    lda #%01110             ; last bank fixed, 8 KiB CHR, vertical mirroring
    jsr mapper_control
    lda #0
    jsr mapper_chr
    lda #0                  ; bank 0 at $8000, work RAM enabled
    jsr mapper_prg
    jmp boot

.macro serial address
    .repeat 5, i
    sta address
    .if i < 4
    lsr a
    .endif
    .endrepeat
    rts
.endmacro
mapper_control:
    serial $8000
mapper_chr:
    serial $A000
mapper_prg:
    serial $E000

.segment "VECTORS"
    .addr nmi, reset, irq

.code
boot:
    bit PPUSTATUS
:   bit PPUSTATUS
    bpl :-
    lda #0
    tax
:   sta $00,x
    sta $0300,x
    sta $0400,x
    sta $0500,x
    sta $0600,x
    sta $0700,x
    inx
    bne :-
    jsr hide_sprites
:   bit PPUSTATUS
    bpl :-
    lda #$5A
    sta rng
    lda #$17
    sta rng+1
    jsr sound_init
    jsr save_open
    jsr count_chests
    jsr find_abilities
    jsr title_show
    ; falls into the main loop

; One turn per frame shown. Everything that changes what others read happens here, between two vertical blanks.
main_loop:
    lda #1
    sta nmi_ready
:   lda nmi_ready
    bne :-
    inc FRAMES
    bne :+
    inc FRAMES+1
:   jsr read_pad
    jsr sound_run
    lda STATE
    cmp #ST_PLAYING
    beq @playing
    cmp #ST_ENDING
    beq @ending
    jsr title_run
    jmp main_loop
@ending:
    jsr ending_run
    jmp main_loop
@playing:
    jsr play_run
    jmp main_loop

play_run:
    jsr items_run
    jsr control_run
    jsr hero_run
    jsr wisp_run
    lda load_room
    beq :+
    jsr room_show
:   jsr texts_run
    jmp sprites_build

; Buttons held in `pad`, newly pressed in `pad_new`.
read_pad:
    lda pad
    sta pad_last
    lda #1
    sta $4016
    sta pad
    lsr a
    sta $4016
:   lda $4016
    lsr a
    rol pad
    bcc :-
    lda pad_last
    eor #$FF
    and pad
    sta pad_new
    rts

; A = next byte of a fixed sequence: two runs with the same input are the same run.
random:
    ldy #8
    lda rng
@bit:
    asl a
    rol rng+1
    bcc :+
    eor #$39
:   dey
    bne @bit
    sta rng
    rts

nmi:
    pha
    txa
    pha
    tya
    pha
    lda nmi_ready
    beq @late               ; the main loop is not finished: the old picture stays
    jsr video_flush
    lda #0
    sta nmi_ready
@late:
    pla
    tay
    pla
    tax
    pla
irq:
    rti
