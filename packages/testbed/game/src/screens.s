; Title, rooms and ending: what is drawn with rendering off, and how the title and the ending run.

; Copies the map of room A (9: the title) to MAP as it stands now: opened chests open, unlocked ways free.
map_load:
    tax
    lda room_lo,x
    sta ptr
    lda room_hi,x
    sta ptr+1
    lda first_chest,x
    sta tmp                 ; flag of the next chest
    lda #0
    sta camp
    tay
@cell:
    lda (ptr),y
    cmp #M_CHEST
    beq @chest
    tax
    lda meta_kind,x
    cmp #G_DOOR
    beq @lock
    cmp #G_THORNS
    beq @lock
    cpx #M_BRAZIER
    beq @brazier
    cpx #M_CAMP
    bne @store
    sty camp
    beq @store
@brazier:
    lda GOAL
    beq @store
    ldx #M_LIT
    bne @store
@lock:
    stx tmp+1
    tax
    lda PASS,x
    cmp #1                  ; carry set when the way is free
    ldx tmp+1
    bcc @store
    inx                     ; the freed ground is the next metatile
    bne @store
@chest:
    sty tmp+1
    ldx tmp
    inc tmp
    jsr chest_is_open
    beq :+
    ldx #M_OPEN_CHEST
    .byte $2C               ; skips the next two bytes
:   ldx #M_CHEST
    ldy tmp+1
@store:
    txa
    sta MAP,y
    iny
    cpy #CELLS
    bne @cell
    rts

; Draws the room the hero is in and makes it the one a save continues in.
room_show:
    lda #0
    sta load_room
    sta plan_ok
    lda ROOM
    sta SAVED_ROOM
    jsr map_load
    jsr video_off
    jsr screen_write
    ldx ROOM
    lda room_theme,x
    jsr palette_write
    ldx ROOM
    lda room_name_lo,x
    sta ptr
    lda room_name_hi,x
    sta ptr+1
    lda #$23
    ldx #$82
    jsr text_write
    jsr wisp_place
    lda #1
    sta hud_dirty
    sta text_dirty
    jmp video_on

; Puts the hero beside the room's camp fire.
hero_to_camp:
    lda camp
    sta CELL
    and #$0F
    sta hx
    lda camp
    lsr a
    lsr a
    lsr a
    lsr a
    sta hy
    lda #0
    sta moving
    sta progress
    sta plan_ok
    lda #DOWN
    sta facing
    rts

; --- title ---------------------------------------------------------------------------------------------------------
title_show:
    lda #ST_TITLE
    sta STATE
    lda #0
    sta timer
    lda #TITLE_SCREEN
    jsr map_load
    jsr video_off
    jsr screen_write
    lda #0
    jsr palette_write
    jsr logo_write
    lda #<text_subtitle
    sta ptr
    lda #>text_subtitle
    sta ptr+1
    lda #$21
    ldx #$85
    jsr text_write
    lda #<text_start
    sta ptr
    lda #>text_start
    sta ptr+1
    lda #$22
    ldx #$0A
    jsr text_write
    jsr slot_write
    jmp video_on

; The big letters: four rows of 27 tiles.
logo_write:
    lda #<logo
    sta ptr
    lda #>logo
    sta ptr+1
    lda #$E2
    sta tmp
    lda #$20
    sta tmp+1
    ldx #4
@row:
    lda tmp+1
    sta PPUADDR
    lda tmp
    sta PPUADDR
    clc
    adc #32
    sta tmp
    bcc :+
    inc tmp+1
:   ldy #0
:   lda (ptr),y
    sta PPUDATA
    iny
    cpy #27
    bne :-
    tya
    clc
    adc ptr
    sta ptr
    bcc :+
    inc ptr+1
:   dex
    bne @row
    rts

; Whose copy this is. Letters as far as the font has them.
slot_write:
    lda ident_slot
    beq @done
    lda #$22
    sta PPUADDR
    lda #$4A
    sta PPUADDR
    ldx #0
:   lda text_walker,x
    sec
    sbc #32
    sta PPUDATA
    inx
    cpx #4
    bne :-
    ldx #0                  ; byte
    ldy #0                  ; letter
@letter:
    lda ident_slot,x
    beq @done
    bpl @plain
    cmp #$C0
    bcc @next               ; the rest of a letter of several bytes
    bcs @strange
@plain:
    cmp #'a'
    bcc :+
    sbc #32
:   sec
    sbc #32
    bcc @strange
    cmp #64
    bcc @put
@strange:
    lda #'?' - 32
@put:
    sta PPUDATA
    iny
    cpy #16
    beq @done
@next:
    inx
    cpx #64
    bne @letter
@done:
    rts

title_run:
    inc timer
    lda timer
    cmp #130
    beq title_leave
    lda pad_new
    and #BTN_START
    bne title_leave
    jmp title_sprites

title_leave:
    lda #0
    sta MAIL_FULL           ; nobody can have written before the gate opened
    sta KILL
    lda #ST_PLAYING
    sta STATE
    lda ROOM
    jsr map_load
    jsr hero_to_camp
    jsr room_show
    lda #90
    sta invulnerable
    lda #<text_welcome
    ldy #>text_welcome
    jsr text_say
    jsr texts_run
    jmp sprites_build

; --- ending --------------------------------------------------------------------------------------------------------
ending_begin:
    lda #1
    sta GOAL
    lda #ST_ENDING
    sta STATE
    lda #<600
    sta timer
    lda #>600
    sta timer+1
    lda #SFX_GOAL
    jsr sound_play
    lda #0
    sta plan_ok
    sta moving
    jsr room_show
    jsr video_off
    lda #$23                ; attributes of the box: white on black
    sta PPUADDR
    lda #$E9
    sta PPUADDR
    lda #0
    ldx #6
:   sta PPUDATA
    dex
    bne :-
    lda #$22
    sta tmp+1
    lda #$84
    sta tmp
    ldx #0
@row:
    lda tmp+1
    sta PPUADDR
    lda tmp
    sta PPUADDR
    clc
    adc #32
    sta tmp
    ldy #24
:   lda ending_box,x
    beq @rule
    sec
    sbc #32
    .byte $2C
@rule:
    lda #TILE_RULE
    sta PPUDATA
    inx
    dey
    bne :-
    cpx #96
    bne @row
    lda #<text_goal
    ldy #>text_goal
    jsr text_say
    jmp video_on

; The picture stays for ten seconds or until START; then the walk goes on.
ending_run:
    jsr items_run
    lda pad_new
    and #BTN_START
    bne @leave
    lda timer
    bne :+
    lda timer+1
    beq @leave
    dec timer+1
:   dec timer
    jsr texts_run
    jmp sprites_build
@leave:
    lda #ST_PLAYING
    sta STATE
    jsr room_show
    jsr texts_run
    jmp sprites_build
