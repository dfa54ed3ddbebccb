; The save in battery memory, and why a reset can hit anywhere.
;
; Received items are an append-only bag: the entry is written behind the end first, then TAKEN is raised. That one byte
; is the commit. What the hero has (INVENTORY) is not saved but counted from the bag at every start, so counter and
; inventory cannot disagree. A chest is one bit, the goal one byte, the room one byte.

; Continues the save when it is whole and belongs to this ROM, else begins a new one.
save_open:
    jsr save_valid
    bcs :+
    jsr save_new
:   lda SAVED_ROOM
    cmp #ROOM_COUNT
    bcc :+
    lda #START_ROOM
    sta SAVED_ROOM
:   sta ROOM
    jsr inbox_settle
    ; falls into inventory_count

; Counts the bag.
inventory_count:
    lda #0
    ldx #15
:   sta INVENTORY,x
    dex
    bpl :-
    ldx #0
@next:
    cpx TAKEN
    beq @done
    ldy BAG,x
    cpy #10
    bcc :+
    ldy #0                  ; unknown to this version
:   lda INVENTORY,y
    clc
    adc #1
    sta INVENTORY,y
    inx
    bne @next
@done:
    rts

; Carry set: magic, stamp and every bag entry are right.
save_valid:
    ldx #7
:   lda SAVE_MAGIC,x
    cmp save_magic,x
    bne @bad
    dex
    bpl :-
    ldx #3
:   lda SAVE_STAMP,x
    cmp ident_stamp,x
    bne @bad
    dex
    bpl :-
    ldx #0
@entry:
    cpx TAKEN
    beq @good
    lda BAG,x
    beq @bad
    jsr bag_seal
    cmp BAG_CHECK,x
    bne @bad
    inx
    bne @entry
@good:
    sec
    rts
@bad:
    clc
    rts

; The first byte of the magic goes first and comes back last: a new game that was interrupted is no save at all.
save_new:
    lda #0
    sta SAVE_MAGIC
    tax
:   sta SAVE_MAGIC+1,x
    inx
    bne :-
    tax
:   sta BAG,x
    sta BAG_CHECK,x
    inx
    bne :-
    ldx #3
:   lda ident_stamp,x
    sta SAVE_STAMP,x
    dex
    bpl :-
    lda #START_ROOM
    sta SAVED_ROOM
    ldx #7
:   lda save_magic,x
    sta SAVE_MAGIC,x
    dex
    bpl :-
    rts

; Where the client counts: its counter is at most one ahead of the bag, and that one lies in the inbox. Anything else is
; put right, so that the client hands over again: counters that a reset between taking and emptying left equal, with a
; stale inbox; or half of a batch, from a device that tears them.
inbox_settle:
    lda RECEIVED
    cmp TAKEN
    beq @stale
    sec
    sbc TAKEN
    cmp #1
    bne @lost
    lda INBOX
    bne @done               ; waits to be taken
@lost:
    lda TAKEN
    sta RECEIVED
@stale:
    lda #0
    sta INBOX
@done:
    rts

; A = check byte for the item code in A at bag index X.
bag_seal:
    stx tmp+7
    eor tmp+7
    eor #$A5
    rts

save_magic:
    .byte "EMBRSAVE"
