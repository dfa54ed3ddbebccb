; The hero: steps from cell to cell, what is walked into, deaths.

; Frames without input after which the hero walks by itself again.
MANUAL_FRAMES = 180

; Who leads: a controller, or the autopilot.
control_run:
    lda pad_new
    and #BTN_SELECT
    beq :+
    lda auto_off
    eor #1
    sta auto_off
    lda #0
    sta manual
    sta plan_ok
:   lda pad
    and #$0F
    beq :+
    lda #MANUAL_FRAMES
    sta manual
    lda #0
    sta plan_ok
    beq @publish
:   lda manual
    beq @publish
    dec manual
@publish:
    ldx #0
    lda manual
    ora auto_off
    bne :+
    inx
:   cpx AUTOPILOT
    beq @done
    stx AUTOPILOT
    lda #1
    sta hud_dirty
@done:
    rts

hero_run:
    lda invulnerable
    beq :+
    dec invulnerable
:   lda popup_time
    beq :+
    dec popup_time
:   lda slow
    bne :+
    lda slow+1
    beq @unhurried
    dec slow+1
:   dec slow
@unhurried:
    lda DYING
    bne @dying
    lda KILL
    beq @alive
    lda #0
    sta KILL
    inc LINK_DEATHS
    lda #<text_link_death
    ldy #>text_link_death
    jmp hero_fall
@dying:
    dec DYING
    bne @done
    lda #150
    sta invulnerable
    jmp hero_to_camp
@alive:
    lda pause
    beq :+
    dec pause
    rts
:   lda moving
    bne @walk
    jsr hero_decide
    lda moving
    beq @done
@walk:
    ldx #24                 ; 1.5 pixels a frame
    lda INVENTORY+FEATHER
    beq :+
    ldx #32
:   lda slow
    ora slow+1
    beq :+
    ldx #10
:   txa
    clc
    adc progress
    sta progress
    bcs @arrive
@done:
    rts
@arrive:
    lda #0
    sta progress
    sta moving
    ldx facing
    lda CELL
    clc
    adc step_of,x
    sta CELL
    jsr hero_from_cell
    ldx CELL
    ldy MAP,x
    lda meta_kind,y
    cmp #G_SPIKES
    bne @done
    lda #CAUSE_SPIKES
    jmp hero_die

hero_from_cell:
    lda CELL
    and #$0F
    sta hx
    lda CELL
    lsr a
    lsr a
    lsr a
    lsr a
    sta hy
    rts

; The hero dies of A.
hero_die:
    sta DEATH_CAUSE
    inc DEATHS
    tax
    lda death_text_lo-1,x
    ldy death_text_hi-1,x
hero_fall:
    jsr text_say
    lda #SFX_DEATH
    jsr sound_play
    lda #75
    sta DYING
    lda #0
    sta pause
    sta plan_ok
    sta slow
    sta slow+1
    rts

; Which way next?
hero_decide:
    lda AUTOPILOT
    beq :+
    jmp autopilot_step
:   lda pad
    ldx #UP
    and #BTN_UP
    bne hero_step
    lda pad
    ldx #RIGHT
    and #BTN_RIGHT
    bne hero_step
    lda pad
    ldx #DOWN
    and #BTN_DOWN
    bne hero_step
    lda pad
    ldx #LEFT
    and #BTN_LEFT
    bne hero_step
    rts

; Tries a step in direction X: walks, opens, or says what is missing.
hero_step:
    stx facing
    jsr edge_ahead
    bcc @inside
    lda ROOM
    jsr way_open            ; is there a room, and may we?
    bcs @leave
    rts
@leave:
    ldx facing
    lda ROOM
    clc
    adc room_step,x
    sta ROOM
    lda CELL
    clc
    adc cell_wrap,x
    sta CELL
    jsr hero_from_cell
    lda #1
    sta load_room
    rts
@inside:
    lda CELL
    clc
    adc step_of,x
    tax                     ; the cell ahead
    ldy MAP,x
    lda meta_kind,y
    cmp #G_SPIKES
    beq @go
    cmp #G_CHEST
    beq @chest
    cmp #G_BEACON
    beq @beacon
    tay
    lda PASS,y
    beq @blocked
    cpy #G_DOOR
    beq @clear
    cpy #G_THORNS
    bne @go
@clear:                     ; the door opens, the brambles fall
    ldy MAP,x
    iny
    tya
    jsr cell_set
    lda #SFX_STEP
    jsr sound_play
@go:
    lda #1
    sta moving
    rts
@blocked:
    lda #0
    sta plan_ok
    lda blocked_text_hi,y
    beq @silent
    tax
    lda blocked_text_lo,y
    stx tmp
    ldy tmp
    jmp text_say
@silent:
    rts
@chest:
    stx tmp+3
    lda #M_OPEN_CHEST
    jsr cell_set
    ldx ROOM                ; which one is it? Chests are counted from the top left
    lda first_chest,x
    sta tmp
    ldx #0
:   lda MAP,x
    cmp #M_OPEN_CHEST
    beq :+
    cmp #M_CHEST
    bne :++
:   cpx tmp+3
    beq @found
    inc tmp
:   inx
    bne :---
@found:
    ldx tmp
    stx text_arg
    inc text_arg
    jsr chest_open
    inc CHESTS
    lda #22
    sta pause
    lda #1
    sta hud_dirty
    lda #0
    sta plan_ok
    lda #SFX_CHEST
    jsr sound_play
    lda #<text_chest
    ldy #>text_chest
    jmp text_say
@beacon:
    lda #0
    sta plan_ok
    lda GOAL
    bne @silent
    lda INVENTORY+EMBER
    cmp #EMBERS_NEEDED
    bcc :+
    jmp ending_begin
:   lda #<text_cold
    ldy #>text_cold
    jmp text_say

; Carry set: the next step in direction X leaves the room. Keeps X.
edge_ahead:
    lda CELL
    cpx #UP
    beq @up
    cpx #DOWN
    beq @down
    and #$0F
    cpx #LEFT
    beq @left
    cmp #15
    rts
@left:
    cmp #1
    bcs @no
    sec
    rts
@up:
    cmp #16
    bcs @no
    sec
    rts
@down:
    cmp #CELLS-16
    rts
@no:
    clc
    rts

; Carry set: from room A the way in direction X is there and free. Keeps X.
way_open:
    stx tmp+7
    asl a
    asl a
    ora tmp+7
    tay
    lda room_ways,y
    cmp #NO_WAY
    beq @no
    tay
    lda PASS,y
    cmp #1
    rts
@no:
    clc
    rts

step_of:
    .byte <-16, 1, 16, <-1
cell_wrap:                  ; from one edge to the opposite one
    .byte CELLS-16, <-15, <-(CELLS-16), 15
room_step:
    .byte <-3, 1, 3, <-1
