; Short tunes on the first pulse channel. A tune is a list of note, frames; note 0 ends it.
SFX_CHEST = 0
SFX_ITEM = tune_item - tunes
SFX_DEATH = tune_death - tunes
SFX_GOAL = tune_goal - tunes
SFX_STEP = tune_step - tunes

sound_init:
    lda #$01
    sta $4015
    lda #$30
    sta $4000
    lda #$08
    sta $4001
    lda #$FF
    sta sfx_at
    rts

; Plays the tune that begins at offset A.
sound_play:
    sta sfx_at
    lda #1
    sta sfx_left
    rts

sound_run:
    ldx sfx_at
    cpx #$FF
    beq @done
    dec sfx_left
    bne @done
    lda tunes,x
    beq @silence
    sta $4002
    lda #$B6
    sta $4000
    lda #$08
    sta $4003
    lda tunes+1,x
    sta sfx_left
    inx
    inx
    stx sfx_at
@done:
    rts
@silence:
    lda #$30
    sta $4000
    lda #$FF
    sta sfx_at
    rts

tunes:                      ; periods of 111.86 kHz
    .byte $D5, 4, $A9, 4, $8E, 8, 0
tune_item:
    .byte $A9, 5, $8E, 5, $7E, 5, $54, 12, 0
tune_death:
    .byte $8E, 6, $A9, 6, $D5, 6, $FD, 20, 0
tune_goal:
    .byte $A9, 10, $A9, 5, $A9, 5, $7E, 20, $8E, 10, $7E, 10, $6A, 10, $54, 40, 0
tune_step:
    .byte $FD, 2, $D5, 2, 0
