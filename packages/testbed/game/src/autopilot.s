; The hero's own mind: nearest chest in this room, else the nearest room with a chest it can get to, else the beacon, else
; a stroll. A plan is a flow field over the room: FLOW tells for every cell which way to step. It is made again when
; something changed (a chest, a room, an item, a player's hand), never per frame.

autopilot_step:
    lda idle
    beq :+
    dec idle
    rts
:   lda plan_ok
    bne @follow
    jsr plan_make
    lda plan_ok
    bne @follow
    lda #30                 ; nothing to be done: look again in half a second
    sta idle
    rts
@follow:
    ldx CELL
    lda FLOW,x
    cmp #THERE
    bcs @again
    tax
    jmp hero_step
@again:                     ; arrived, or led off the field
    lda #0
    sta plan_ok
    lda #20
    sta idle
    rts

plan_make:
    jsr flow_clear
    ldx #CELLS-1
@chest:
    lda MAP,x
    cmp #M_CHEST
    bne :+
    lda #THERE
    jsr flow_put
:   dex
    cpx #$FF
    bne @chest
    jsr flow_spread
    lda plan_ok
    bne @done

    jsr rooms_with_chests
    jsr rooms_spread
    ldx ROOM
    lda ROOM_DIST,x
    cmp #UNKNOWN
    bne @leave

    lda GOAL
    bne stroll
    lda INVENTORY+EMBER
    cmp #EMBERS_NEEDED
    bcc stroll
    ldx ROOM
    cpx #BEACON_ROOM
    beq @beacon
    jsr rooms_clear
    lda #0
    sta ROOM_DIST+BEACON_ROOM
    jsr rooms_spread
    ldx ROOM
    lda ROOM_DIST,x
    cmp #UNKNOWN
    beq stroll
@leave:
    ldx ROOM
    lda ROOM_WAY,x
    jmp plan_exit
@beacon:
    jsr flow_clear
    ldx #CELLS-1
:   lda MAP,x
    cmp #M_BASE
    beq :+
    dex
    bne :-
:   lda #THERE
    jsr flow_put
    jmp flow_spread
@done:
    rts

; No errand: another room, or some place in this one.
stroll:
    jsr random
    cmp #100
    bcs @place
    and #3
    sta tmp+3
    tax
    lda ROOM
    jsr way_open
    bcc @place
    lda tmp+3
    jmp plan_exit
@place:
    jsr flow_clear
:   jsr random
    cmp #CELLS
    bcs :-
    tax
    ldy MAP,x
    lda meta_kind,y
    bne :-                  ; open ground only
    cpx CELL
    beq :-
    lda #THERE
    jsr flow_put
    jmp flow_spread

; Plans a walk out of the room in direction A.
plan_exit:
    sta tmp+3
    jsr flow_clear
    ldx tmp+3
    lda edge_first,x
    ldy edge_stride,x
    sty tmp+4
    tax
    ldy #16                 ; left and right have twelve cells only: the rest lies outside
@cell:
    cpx #CELLS
    bcs @next
    sty tmp+5
    ldy MAP,x
    lda meta_kind,y
    tay
    lda PASS,y
    beq :+
    lda tmp+3
    jsr flow_put
:   ldy tmp+5
@next:
    txa
    clc
    adc tmp+4
    bcs @done
    tax
    dey
    bne @cell
@done:
    jmp flow_spread

edge_first:
    .byte 0, 15, CELLS-16, 0
edge_stride:
    .byte 1, 16, 1, 16

; --- flow field ----------------------------------------------------------------------------------------------------
flow_clear:
    lda #UNKNOWN
    ldx #CELLS
:   dex
    sta FLOW,x
    bne :-
    stx queue_head
    stx queue_tail
    rts

; FLOW of cell X = A, and X is to be spread from. Keeps X.
flow_put:
    sta FLOW,x
    ldy queue_tail
    txa
    sta QUEUE,y
    inc queue_tail
    rts

; Breadth first from all that was put, until the hero's cell is reached: then plan_ok is set.
flow_spread:
    ldx CELL
    lda FLOW,x
    cmp #UNKNOWN
    bne @reached
    ldy queue_head
    cpy queue_tail
    beq @lost
    inc queue_head
    lda QUEUE,y
    sta tmp
    cmp #CELLS-16           ; who steps UP to here stands below
    bcs :+
    adc #16
    tax
    lda #UP
    jsr @try
:   lda tmp
    and #$0F
    beq :+
    ldx tmp
    dex
    lda #RIGHT
    jsr @try
:   lda tmp
    sec
    sbc #16
    bcc :+
    tax
    lda #DOWN
    jsr @try
:   lda tmp
    and #$0F
    cmp #15
    beq flow_spread
    ldx tmp
    inx
    lda #LEFT
    jsr @try
    jmp flow_spread
@try:
    sta tmp+1
    lda FLOW,x
    cmp #UNKNOWN
    bne @no
    cpx CELL
    beq @yes
    ldy MAP,x
    lda meta_kind,y
    tay
    lda PASS,y
    beq @no
@yes:
    lda tmp+1
    jmp flow_put
@reached:
    lda #1
    sta plan_ok
    rts
@lost:
    lda #0
    sta plan_ok
@no:
    rts

; --- the world as a graph ------------------------------------------------------------------------------------------
rooms_clear:
    lda #UNKNOWN
    ldx #ROOM_COUNT-1
:   sta ROOM_DIST,x
    dex
    bpl :-
    rts

; Distance 0 for every room that has a closed chest, but not for this one: its chests are out of reach.
rooms_with_chests:
    jsr rooms_clear
    ldx #CHEST_COUNT-1
@chest:
    jsr chest_is_open
    bne :+
    ldy room_of_chest,x
    lda #0
    sta ROOM_DIST,y
:   dex
    bpl @chest
    ldx ROOM
    lda #UNKNOWN
    sta ROOM_DIST,x
    rts

; Spreads distances over the open ways; eight rounds reach every one of nine rooms.
rooms_spread:
    lda #ROOM_COUNT-1
    sta tmp+2
@round:
    lda #ROOM_COUNT-1
    sta tmp                 ; room
@room:
    ldx #LEFT
@way:
    lda tmp
    jsr way_open
    bcc @next
    lda tmp
    adc room_step,x         ; carry is set: the sum is one too high
    tay
    lda ROOM_DIST-1,y
    cmp #UNKNOWN
    beq @next
    adc #1                  ; carry is clear: the distance is below UNKNOWN
    ldy tmp
    cmp ROOM_DIST,y
    bcs @next
    sta ROOM_DIST,y
    txa
    sta ROOM_WAY,y
@next:
    dex
    bpl @way
    dec tmp
    bpl @room
    dec tmp+2
    bne @round
    rts
