; Items that come from other worlds (and, through the server, from our own).

; Takes what was handed over, at most one item per frame.
items_run:
    lda ident_delivery
    bne @client_counts
    lda MAIL_FULL
    beq @done
    lda MAIL_INDEX          ; only the item we wait for: a mail that was already taken, or is from another past, is not
    cmp TAKEN
    bne @empty
    jsr bag_full
    bcs @empty
    lda MAIL_ITEM
    beq @empty
    jsr bag_take
@empty:
    lda #0
    sta MAIL_FULL
@done:
    rts
@client_counts:
    jsr inbox_settle
    lda RECEIVED
    cmp TAKEN
    beq @done
    lda INBOX
    jsr bag_take
    lda #0
    sta INBOX
    rts

; Carry set: no room for another entry.
bag_full:
    lda TAKEN
    cmp #255
    rts

; Takes the item with code A: it is ours from the moment TAKEN is written.
bag_take:
    sta popup
    ldx TAKEN
    sta BAG,x
    jsr bag_seal
    sta BAG_CHECK,x
    inc TAKEN

    ldx popup
    cpx #10
    bcc :+
    ldx #0                  ; something from another version of the game: kept, shown, without effect
    stx popup
:   inc INVENTORY,x
    lda item_text_lo,x
    ldy item_text_hi,x
    jsr text_say
    lda #100
    sta popup_time
    lda #SFX_ITEM
    jsr sound_play
    lda popup
    cmp #SNAIL
    bne :+
    lda #<420
    sta slow
    lda #>420
    sta slow+1
:   ; falls into find_abilities

; What the hero can walk on.
find_abilities:
    lda #1
    sta PASS                ; open ground
    sta hud_dirty
    lda INVENTORY+KEY
    sta PASS+G_DOOR
    lda INVENTORY+WADERS
    sta PASS+G_WATER
    lda INVENTORY+AXE
    sta PASS+G_THORNS
    lda #0
    sta plan_ok
    rts

; Counts the chest flags into CHESTS.
count_chests:
    lda #0
    sta CHESTS
    ldx #CHEST_COUNT-1
@next:
    jsr chest_is_open
    beq :+
    inc CHESTS
:   dex
    bpl @next
    rts

; Zero flag clear: chest X is open. Keeps X.
chest_is_open:
    txa
    lsr a
    lsr a
    lsr a
    tay
    lda CHEST_FLAGS,y
    sta tmp+7
    txa
    and #7
    tay
    lda bit_of,y
    and tmp+7
    rts

; Opens chest X: one bit, written once.
chest_open:
    txa
    and #7
    tay
    lda bit_of,y
    sta tmp+7
    txa
    lsr a
    lsr a
    lsr a
    tay
    lda CHEST_FLAGS,y
    ora tmp+7
    sta CHEST_FLAGS,y
    rts

bit_of:
    .byte 1, 2, 4, 8, 16, 32, 64, 128
