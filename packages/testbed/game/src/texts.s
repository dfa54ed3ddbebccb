; Words on the screen: the counts in the top line, the message below them, who leads the hero in the bottom line.

TEXT_WIDTH = 28
NUMBER = 1                  ; in a text: text_arg in two digits

; Shows the text at A (low) Y (high) for a while.
text_say:
    sta text
    sty text+1
    lda #180
    sta text_time
    lda #1
    sta text_dirty
    rts

; At most one line of text per frame, so that it fits into the vertical blank.
texts_run:
    lda text_time
    beq :+
    dec text_time
    bne :+
    lda #0
    sta text+1
    inc text_dirty
:   lda text_dirty
    bne text_draw
    lda hud_dirty
    bne hud_draw
    rts

text_draw:
    lda #0
    sta text_dirty
    lda #TEXT_WIDTH
    sta tmp+7
    lda #$20
    ldy #$42
    jsr vbuf_begin
    lda #TEXT_WIDTH
    sta tmp
    ldy #0
    lda text+1
    beq @pad
@next:
    lda (text),y
    beq @pad
    cmp #NUMBER
    beq @number
    jsr @put
    iny
    bne @next
@number:
    sty tmp+1
    lda text_arg
    jsr decimal
    sty tmp+2
    ora #'0'
    pha
    lda tmp+2
    ora #'0'
    jsr @put
    pla
    jsr @put
    ldy tmp+1
    iny
    bne @next
@pad:
    lda tmp
    beq @done
    lda #' '
    jsr @put
    jmp @pad
@done:
    jmp vbuf_end
@put:
    sec
    sbc #32
    sta VBUF,x
    inx
    dec tmp
    rts

; Y = tens, A = ones of A.
decimal:
    ldy #0
:   cmp #10
    bcc :+
    sbc #10
    iny
    bne :-
:   rts

hud_draw:
    lda #0
    sta hud_dirty
    ldx #TEXT_WIDTH-1
:   lda hud_blank,x
    sta HUD_ROW,x
    dex
    bpl :-
    lda CHESTS
    ldx #2
    jsr hud_number
    lda INVENTORY+EMBER
    ldx #11
    jsr hud_number
    lda INVENTORY+COIN
    beq :+
    ldx #25
    jsr hud_number
    lda #TILE_ICONS+COIN
    sta HUD_ROW+24
:   ldx #4
@tool:
    ldy hud_tools,x
    lda INVENTORY,y
    beq :+
    tya
    clc
    adc #TILE_ICONS
    ldy hud_places,x
    sta HUD_ROW,y
:   dex
    bpl @tool

    lda #TEXT_WIDTH
    sta tmp+7
    lda #$20
    ldy #$22
    jsr vbuf_begin
    ldy #0
:   lda HUD_ROW,y
    sta VBUF,x
    inx
    iny
    cpy #TEXT_WIDTH
    bne :-
    jsr vbuf_end
    lda #4
    sta tmp+7
    lda #$23
    ldy #$9A
    jsr vbuf_begin
    ldy #0
    lda AUTOPILOT
    bne :+
    ldy #4
    lda auto_off
    beq :+
    ldy #8
:   lda hud_leads,y
    sec
    sbc #32
    sta VBUF,x
    inx
    iny
    tya
    and #3
    bne :-
    jmp vbuf_end

; Two digits of A into the top line from X.
hud_number:
    jsr decimal
    ora #'0' - 32
    sta HUD_ROW+1,x
    tya
    beq :+
    ora #'0' - 32
    sta HUD_ROW,x
:   rts

hud_blank:                  ; tiles, not letters
    .byte TILE_CHEST, 0, 0, 0, '/' - 32, '2' - 32, '4' - 32, 0, 0
    .byte TILE_ICONS + EMBER, 0, 0, 0, '/' - 32, '0' + EMBERS_NEEDED - 32, 0, 0
    .res TEXT_WIDTH - 17, 0
hud_tools:
    .byte KEY, WADERS, AXE, FEATHER, WARD
hud_places:
    .byte 17, 18, 19, 20, 21
hud_leads:
    .byte "AUTOHANDSTAY"

; --- messages: up to 28 letters -------------------------------------------------------------------------------------
text_welcome:    .byte "WALK, AND OPEN CHESTS.", 0
text_chest:      .byte "CHEST ", NUMBER, " STANDS OPEN.", 0
text_door:       .byte "LOCKED. IT WANTS A KEY.", 0
text_water:      .byte "TOO WET WITHOUT WADERS.", 0
text_thorns:     .byte "THORNS! AN AXE WOULD DO.", 0
text_cold:       .byte "THE BEACON WANTS 6 EMBERS.", 0
text_goal:       .byte "THE BEACON BURNS AGAIN!", 0
text_spikes:     .byte "SPIKES. MIND YOUR FEET.", 0
text_wisp:       .byte "A WISP TOOK YOU.", 0
text_link_death: .byte "A FRIEND FELL. SO DO YOU.", 0
text_subtitle:   .byte "A WALK IN MANY WORLDS", 0
text_start:      .byte "PRESS START", 0
text_walker:     .byte "FOR "

item_0: .byte "YOU GOT SOMETHING ODD.", 0
item_1: .byte "YOU GOT THE BRASS KEY!", 0
item_2: .byte "YOU GOT THE WADERS!", 0
item_3: .byte "YOU GOT THE AXE!", 0
item_4: .byte "YOU GOT AN EMBER!", 0
item_5: .byte "A FEATHER! SO LIGHT, SO FAST", 0
item_6: .byte "A WARD! NO WISP TOUCHES YOU.", 0
item_7: .byte "YOU GOT A COIN.", 0
item_8: .byte "YOU GOT AN APPLE. CRUNCH.", 0
item_9: .byte "A SNAIL SITS ON YOUR FOOT!", 0
item_text_lo:
    .lobytes item_0, item_1, item_2, item_3, item_4, item_5, item_6, item_7, item_8, item_9
item_text_hi:
    .hibytes item_0, item_1, item_2, item_3, item_4, item_5, item_6, item_7, item_8, item_9

death_text_lo:
    .lobytes text_spikes, text_wisp
death_text_hi:
    .hibytes text_spikes, text_wisp

; By kind of ground; high byte 0: nothing to say.
blocked_text_lo:
    .byte 0, 0, <text_door, <text_water, <text_thorns, 0, 0, 0
blocked_text_hi:
    .byte 0, 0, >text_door, >text_water, >text_thorns, 0, 0, 0

name_0: .byte "THORNWOOD", 0
name_1: .byte "MEADOW", 0
name_2: .byte "LAKESIDE", 0
name_3: .byte "RUINS", 0
name_4: .byte "CROSSROADS", 0
name_5: .byte "MARSH", 0
name_6: .byte "CRYPT", 0
name_7: .byte "BEACON HILL", 0
name_8: .byte "ISLE", 0
room_name_lo:
    .lobytes name_0, name_1, name_2, name_3, name_4, name_5, name_6, name_7, name_8
room_name_hi:
    .hibytes name_0, name_1, name_2, name_3, name_4, name_5, name_6, name_7, name_8

ending_box:                 ; four rows of 24; 0 is a piece of the frame
    .res 24, 0
    .byte " THE BEACON BURNS AGAIN "
    .byte "  THANKS FOR WALKING.   "
    .res 24, 0

; The name in big letters: every tile shows two by two of these points. Two rows of points make a row of tiles.
.macro points upper, lower
    .repeat 27, i
    .byte TILE_POINTS + (.strat(upper, i*2) = '#') * 1 + (.strat(upper, i*2+1) = '#') * 2 \
        + (.strat(lower, i*2) = '#') * 4 + (.strat(lower, i*2+1) = '#') * 8
    .endrepeat
.endmacro
logo:
    points "#####.#...#.####..#####.####..#...#..###..#.....#...#.", \
           "#.....##.##.#...#.#.....#...#.#...#.#...#.#.....#..#.."
    points "#.....#.#.#.#...#.#.....#...#.#...#.#...#.#.....#.#...", \
           "####..#.#.#.####..####..####..#.#.#.#####.#.....##...."
    points "#.....#...#.#...#.#.....#.#...#.#.#.#...#.#.....#.#...", \
           "#.....#...#.#...#.#.....#..#..##.##.#...#.#.....#..#.."
    points "#####.#...#.####..#####.#...#.#...#.#...#.#####.#...#.", \
           "......................................................"
