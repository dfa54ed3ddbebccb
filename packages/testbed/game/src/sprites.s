; Sprites: the hero, what it just got, the room's wisp, the beacon's flame.

SPR_DOWN = 0
SPR_UP = 4
SPR_SIDE = 8
SPR_SIDE2 = 12
SPR_WISP = 16
SPR_WISP2 = 20
SPR_FLAME = 24
SPR_ICONS = $40
FLIP = $40

hide_sprites:
    lda #$FF
    ldx #0
:   sta OAM,x
    inx
    bne :-
    rts

; Ends the list that began at OAM: all further sprites leave the picture.
sprites_end:
    ldx oam_at
    lda #$FF
:   sta OAM,x
    inx
    bne :-
    rts

sprites_build:
    lda #0
    sta oam_at
    jsr hero_pixels
    jsr popup_draw
    jsr hero_draw
    jsr wisp_draw
    jsr flame_draw
    jmp sprites_end

; tmp, tmp+1 = the hero's place on the screen.
hero_pixels:
    lda progress
    lsr a
    lsr a
    lsr a
    lsr a
    sta tmp+2
    lda hx
    asl a
    asl a
    asl a
    asl a
    sta tmp
    lda hy
    asl a
    asl a
    asl a
    asl a
    clc
    adc #31
    sta tmp+1
    lda facing
    beq @up
    cmp #DOWN
    beq @down
    cmp #LEFT
    beq @left
    lda tmp
    clc
    adc tmp+2
    sta tmp
    rts
@left:
    lda tmp
    sec
    sbc tmp+2
    sta tmp
    rts
@up:
    lda tmp+1
    sec
    sbc tmp+2
    sta tmp+1
    rts
@down:
    lda tmp+1
    clc
    adc tmp+2
    sta tmp+1
    rts

hero_draw:
    lda DYING
    beq :+
    and #4                  ; spins away
    beq @hidden
    lda DYING
    lsr a
    lsr a
    lsr a
    and #3
    tax
    jmp @pose
:   lda invulnerable
    and #4
    bne @hidden
    ldx facing
@pose:
    lda FRAMES
    and #8
    sta tmp+3
    lda moving
    bne :+
    sta tmp+3
:   lda tmp+3
    cmp #1                  ; carry: the second foot
    lda pose_second,x
    bcs :+
    lda pose_first,x
:   tay
    lda pose_second_flip,x
    bcs :+
    lda pose_first_flip,x
:   jsr big_sprite
    lda slow
    ora slow+1
    beq @hidden
    lda tmp                 ; the snail
    clc
    adc #4
    sta tmp
    lda tmp+1
    clc
    adc #8
    sta tmp+1
    ldy #SPR_ICONS+SNAIL
    lda #3
    jmp small_sprite
@hidden:
    rts

pose_first:
    .byte SPR_UP, SPR_SIDE, SPR_DOWN, SPR_SIDE
pose_second:
    .byte SPR_UP, SPR_SIDE2, SPR_DOWN, SPR_SIDE2
pose_first_flip:
    .byte 0, 0, 0, FLIP
pose_second_flip:
    .byte FLIP, 0, FLIP, FLIP

popup_draw:
    lda popup_time
    beq @none
    lda tmp+1
    pha
    sec
    sbc #11
    sta tmp+1
    lda tmp
    pha
    clc
    adc #4
    sta tmp
    lda popup
    clc
    adc #SPR_ICONS
    tay
    ldx popup
    lda icon_palette,x
    jsr small_sprite
    pla
    sta tmp
    pla
    sta tmp+1
@none:
    rts

icon_palette:
    .byte 2, 2, 1, 2, 0, 1, 1, 2, 0, 3

; 16 x 16 at tmp, tmp+1: tiles from Y, attributes A.
big_sprite:
    sta tmp+4
    sty tmp+5
    and #FLIP
    beq :+
    lda #8
:   sta tmp+6               ; where the left half goes
    ldx oam_at
    jsr @half
    lda tmp+6
    eor #8
    sta tmp+6
    jsr @half
    stx oam_at
    rts
@half:
    jsr @tile
    lda tmp+5
    pha
    clc
    adc #1
    sta tmp+5
    lda tmp+1
    pha
    clc
    adc #8
    sta tmp+1
    jsr @tile
    pla
    sta tmp+1
    pla
    clc
    adc #2
    sta tmp+5
    rts
@tile:
    lda tmp+1
    sta OAM,x
    lda tmp+5
    sta OAM+1,x
    lda tmp+4
    sta OAM+2,x
    lda tmp
    clc
    adc tmp+6
    sta OAM+3,x
    inx
    inx
    inx
    inx
    rts

; 8 x 8 at tmp, tmp+1: tile Y, attributes A.
small_sprite:
    ldx oam_at
    sta OAM+2,x
    tya
    sta OAM+1,x
    lda tmp+1
    sta OAM,x
    lda tmp
    sta OAM+3,x
    txa
    clc
    adc #4
    sta oam_at
    rts

; --- wisp: one in some rooms, floating to and fro -------------------------------------------------------------------
wisp_place:
    ldx ROOM
    lda wisp_axis,x
    sta wisp_on
    lda wisp_start_x,x
    sta wisp_x
    lda wisp_start_y,x
    sta wisp_y
    lda #0
    sta wisp_back
    rts

wisp_run:
    lda wisp_on
    beq @done
    ldx ROOM
    cmp #2
    beq @vertical
    lda wisp_x
    jsr @float
    sta wisp_x
    jmp @touch
@vertical:
    lda wisp_y
    jsr @float
    sta wisp_y
@touch:
    lda DYING
    ora invulnerable
    ora INVENTORY+WARD
    bne @done
    jsr hero_pixels
    lda tmp
    sec
    sbc wisp_x
    jsr @near
    bcs @done
    lda tmp+1
    sec
    sbc wisp_y
    jsr @near
    bcs @done
    lda #CAUSE_WISP
    jmp hero_die
@near:                      ; carry clear: A is within ten pixels of 0
    clc
    adc #9
    cmp #19
    rts
@float:
    ldy wisp_back
    bne @back
    clc
    adc #1
    cmp wisp_end,x
    bne @done
    inc wisp_back
    rts
@back:
    sec
    sbc #1
    cmp wisp_begin,x
    bne @done
    dec wisp_back
@done:
    rts

wisp_draw:
    lda wisp_on
    beq @done
    lda wisp_x
    sta tmp
    lda wisp_y
    sta tmp+1
    ldy #SPR_WISP
    lda FRAMES
    and #16
    beq :+
    ldy #SPR_WISP2
:   lda #1
    jmp big_sprite
@done:
    rts

flame_draw:
    lda GOAL
    beq @done
    lda ROOM
    cmp #BEACON_ROOM
    bne @done
    lda #7*16
    sta tmp
    lda #3*16+31-10
    sta tmp+1
    lda FRAMES
    and #8
    asl a
    asl a
    asl a
    and #FLIP
    ora #2
    ldy #SPR_FLAME
    jmp big_sprite
@done:
    rts

; On the title somebody walks by.
title_sprites:
    lda #0
    sta oam_at
    lda timer
    asl a
    sta tmp
    lda #12*16-1
    sta tmp+1
    ldy #SPR_SIDE
    lda timer
    and #8
    beq :+
    ldy #SPR_SIDE2
:   lda #0
    jsr big_sprite
    jmp sprites_end
