; Everything that reaches video memory.

; Runs inside the NMI.
video_flush:
    lda #0
    sta OAMADDR
    lda #>OAM
    sta OAMDMA
    ldx #0
@run:
    lda VBUF,x
    beq @done
    sta PPUADDR
    lda VBUF+1,x
    sta PPUADDR
    ldy VBUF+2,x
    inx
    inx
    inx
:   lda VBUF,x
    sta PPUDATA
    inx
    dey
    bne :-
    beq @run
@done:
    lda #0
    sta VBUF
    sta vlen
    bit PPUSTATUS
    sta PPUSCROLL
    sta PPUSCROLL
    lda #CTRL_ON
    sta PPUCTRL
    lda ppu_mask
    sta PPUMASK
    rts

; Rendering and NMI off, so that a whole screen can be written. Called right after a vertical blank.
video_off:
    lda #0
    sta PPUCTRL
    sta PPUMASK
    sta VBUF
    sta vlen
    rts

; The next NMI shows the picture.
video_on:
    lda #MASK_ON
    sta ppu_mask
    bit PPUSTATUS
    lda #CTRL_ON
    sta PPUCTRL
    rts

; Starts a run in VBUF: address A (high) Y (low), length in tmp+7. X = where its bytes go; finish with vbuf_end.
vbuf_begin:
    ldx vlen
    sta VBUF,x
    tya
    sta VBUF+1,x
    lda tmp+7
    sta VBUF+2,x
    inx
    inx
    inx
    rts
vbuf_end:
    stx vlen
    lda #0
    sta VBUF,x
    rts

; Puts metatile A into cell X, in the map and on the screen.
cell_set:
    sta MAP,x
    asl a
    asl a
    adc #TILE_META
    sta tmp+4               ; first of its four tiles
    jsr cell_address
    lda #2
    sta tmp+7
    lda tmp+6
    ldy tmp+5
    jsr vbuf_begin
    jsr @pair
    lda tmp+5
    ora #$20                ; a metatile begins on an even row
    tay
    lda tmp+6
    jsr vbuf_begin
@pair:
    lda tmp+4
    sta VBUF,x
    inc tmp+4
    inx
    lda tmp+4
    sta VBUF,x
    inc tmp+4
    inx
    jmp vbuf_end

; tmp+5, tmp+6 = name table address of cell X: $2080 + row * 64 + column * 2.
cell_address:
    txa
    and #$0F
    asl a
    sta tmp+5
    txa
    and #$30
    asl a
    asl a
    ora tmp+5
    sta tmp+5
    txa
    rol a
    rol a
    rol a
    and #$03
    ora #$20
    sta tmp+6
    lda tmp+5
    clc
    adc #$80
    sta tmp+5
    bcc :+
    inc tmp+6
:   rts

; Writes the frame around the playing field and the metatiles in MAP. Rendering is off.
screen_write:
    lda #$20
    sta PPUADDR
    lda #$00
    sta PPUADDR
    ldx #96
    jsr blank_tiles
    lda STATE
    cmp #ST_TITLE
    beq :+
    lda #TILE_RULE
    .byte $2C               ; skips the next two bytes
:   lda #0
    ldx #32
:   sta PPUDATA
    dex
    bne :-
    stx tmp                 ; cell
    stx tmp+1               ; row of tiles
@row:
    jsr @half
    inc tmp+1
    jsr @half
    inc tmp+1
    lda tmp
    clc
    adc #16
    sta tmp
    cmp #CELLS
    bne @row
    ldx #64
    jsr blank_tiles
    ; attributes
    lda #$0F                ; gold for the counts, white for the message below them
    ldx #8
:   sta PPUDATA
    dex
    bne :-
    lda #0
    sta tmp
@attribute:
    ldx tmp
    ldy MAP+17,x
    lda meta_palette,y
    asl a
    asl a
    ldy MAP+16,x
    ora meta_palette,y
    asl a
    asl a
    ldy MAP+1,x
    ora meta_palette,y
    asl a
    asl a
    ldy MAP,x
    ora meta_palette,y
    sta PPUDATA
    inx
    inx
    stx tmp
    txa
    and #$0F
    bne @attribute
    txa
    clc
    adc #16
    sta tmp
    cmp #CELLS
    bne @attribute
    ldx #8
    jmp blank_tiles
@half:                      ; one row of tiles; an odd row when called for the second time
    ldx tmp
    ldy #16
@tile:
    lda MAP,x
    asl a
    asl a
    adc #TILE_META
    sta tmp+2
    lda tmp+1
    and #1
    asl a
    adc tmp+2
    sta PPUDATA
    adc #1
    sta PPUDATA
    inx
    dey
    bne @tile
    tya
    rts

; X blank tiles.
blank_tiles:
    lda #0
:   sta PPUDATA
    dex
    bne :-
    rts

; Writes the palettes of theme A. Rendering is off.
palette_write:
    asl a
    asl a
    asl a
    asl a
    tax
    lda #$3F
    sta PPUADDR
    lda #$00
    sta PPUADDR
    ldy #16
:   lda themes,x
    sta PPUDATA
    inx
    dey
    bne :-
:   lda sprite_palettes,y
    sta PPUDATA
    iny
    cpy #16
    bne :-
    rts

; Writes the text at ptr (ends with 0) to A (high) X (low). Rendering is off.
text_write:
    sta PPUADDR
    stx PPUADDR
    ldy #0
:   lda (ptr),y
    beq :+
    sec
    sbc #32
    sta PPUDATA
    iny
    bne :-
:   rts
