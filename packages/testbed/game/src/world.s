; The world: what the ground is made of, nine rooms and the ways between them.

meta_kind:
    .byte G_OPEN, G_OPEN, G_OPEN, G_OPEN, G_OPEN, G_SOLID, G_SOLID, G_THORNS, G_OPEN, G_SOLID, G_WATER, G_SOLID
    .byte G_OPEN, G_SOLID, G_DOOR, G_OPEN, G_CHEST, G_SOLID, G_OPEN, G_BEACON, G_SOLID, G_SOLID, G_SPIKES, G_OPEN
    .byte G_SOLID, G_SOLID
meta_palette:
    .byte 0, 3, 1, 1, 3, 1, 1, 3, 3, 2, 2, 0
    .byte 0, 0, 3, 3, 3, 3, 3, 0, 3, 3, 0, 3
    .byte 3, 1

; --- rooms ---------------------------------------------------------------------------------------------------------
TITLE_SCREEN = 9
NO_WAY = $FF

room_lo:
    .repeat ROOM_COUNT+1, i
    .byte <(rooms + i * CELLS)
    .endrepeat
room_hi:
    .repeat ROOM_COUNT+1, i
    .byte >(rooms + i * CELLS)
    .endrepeat

; Up, right, down, left: what lies in between.
room_ways:
    .byte NO_WAY,   G_THORNS, G_OPEN,   NO_WAY      ; Thornwood
    .byte NO_WAY,   G_WATER,  G_OPEN,   G_THORNS    ; Meadow
    .byte NO_WAY,   NO_WAY,   G_OPEN,   G_WATER     ; Lakeside
    .byte G_OPEN,   G_THORNS, G_DOOR,   NO_WAY      ; Ruins
    .byte G_OPEN,   G_WATER,  G_DOOR,   G_THORNS    ; Crossroads
    .byte G_OPEN,   NO_WAY,   G_DOOR,   G_WATER     ; Marsh
    .byte G_DOOR,   G_THORNS, NO_WAY,   NO_WAY      ; Crypt
    .byte G_DOOR,   G_WATER,  NO_WAY,   G_THORNS    ; Beacon Hill
    .byte G_DOOR,   NO_WAY,   NO_WAY,   G_WATER     ; Isle

; Flag of a room's first chest; the others follow from the top left to the bottom right.
first_chest:
    .byte 0, 3, 7, 10, 13, 16, 19, 21, 22, 24
room_of_chest:
    .byte 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 8, 8

room_theme:
    .byte 1, 0, 0, 2, 0, 1, 3, 2, 2

; Wisps: 0 none, 1 floats east and west, 2 north and south; in pixels.
wisp_axis:
    .byte 1, 0, 0, 2, 0, 1, 1, 2, 1
wisp_start_x:
    .byte 64, 0, 0, 7*16+8, 0, 64, 32, 10*16, 64
wisp_start_y:
    .byte 7*16+31, 0, 0, 64, 0, 5*16+31, 7*16+35, 64, 6*16+31
wisp_begin:
    .byte 32, 0, 0, 47, 0, 24, 24, 47, 48
wisp_end:
    .byte 208, 0, 0, 190, 0, 216, 216, 200, 192

.charmap '.', M_GRASS
.charmap ',', M_FLOWERS
.charmap ':', M_PATH
.charmap 'T', M_TREE
.charmap 'h', M_HEDGE
.charmap 'x', M_BRAMBLES
.charmap 'W', M_DEEP
.charmap '~', M_SHALLOW
.charmap '#', M_WALL
.charmap '_', M_FLOOR
.charmap 'I', M_COLUMN
.charmap 'D', M_DOOR
.charmap 'C', M_CHEST
.charmap 'o', M_CAMP
.charmap 'B', M_BASE
.charmap 'b', M_BRAZIER
.charmap '^', M_SPIKES
.charmap '=', M_PIER
.charmap 's', M_SIGN
.charmap 'P', M_PALM
.charmap ' ', M_EMPTY
.charmap '*', M_GOLD

rooms:
    ; Thornwood
    .byte "TTTTTTTTTTTTTTTT"
    .byte "T.C.TT,,..TTT..T"
    .byte "T...TT......T.CT"
    .byte "TT..,...TT.....T"
    .byte "T..TT..hTT.,.TTT"
    .byte "T..TT..h....,..."
    .byte "T.....,......o.."
    .byte "TT.....TT..TT..T"
    .byte "T..,.T.TT..TT,.T"
    .byte "T.TT.C....,....T"
    .byte "T.TT.....,....TT"
    .byte "TTTTTTT..TTTTTTT"
    ; Meadow
    .byte "TTTTTTTTTTTTTTTT"
    .byte "TC..,......TT..T"
    .byte "T....TT..,.TT.CT"
    .byte "T..,.TT........T"
    .byte "TT......WWW..,.T"
    .byte "x....,.WWWWW...~"
    .byte "x..o...WWWWW...~"
    .byte "TT......WWW..,.T"
    .byte "T..,.hh.....,..T"
    .byte "TC..,hh..,...CTT"
    .byte "T.........,....T"
    .byte "TTTTTTT..TTTTTTT"
    ; Lakeside
    .byte "TTTTTTTTTTTTTTTT"
    .byte "T...,..WWWWWWWWW"
    .byte "T......WWWWWWWWW"
    .byte "T......====CWWWW"
    .byte "T..,.........WWW"
    .byte "..o..,...~~.WWWW"
    .byte "...h......~~WWWW"
    .byte "T..h..,....~~.CT"
    .byte "T......hh...~..T"
    .byte "T.,..Ch.....~..T"
    .byte "T..........,...T"
    .byte "TTTTTTT..TTTTTTT"
    ; Ruins
    .byte "TTTTTTT..TTTTTTT"
    .byte "T..,...........T"
    .byte "T.####..####.I.T"
    .byte "T.#_C#..#__#...T"
    .byte "T.#__..._C_#...T"
    .byte "T.##_#..####.I.."
    .byte "T............o.."
    .byte "T.I..^^..####..T"
    .byte "T......,.#__...T"
    .byte "T.I..^...#_C#..T"
    .byte "T...,....####..T"
    .byte "#######DD#######"
    ; Crossroads
    .byte "TTTTTTT::TTTTTTT"
    .byte "T,.....::..sC..T"
    .byte "T..hh..::..hh..T"
    .byte "T..hC..::..hh..T"
    .byte "T......::......T"
    .byte "x::::::::::::::~"
    .byte "x::::::::::::::~"
    .byte "T......::......T"
    .byte "T..hh..::..hh,.T"
    .byte "T..hh..::..hC..T"
    .byte "T.,....::.o....T"
    .byte "#######DD#######"
    ; Marsh
    .byte "TTTTTTT..TTTTTTT"
    .byte "T~~.,..........T"
    .byte "T~C~..WW..~~...T"
    .byte "T~~...WW..~C~..T"
    .byte "T...~~....~~~..T"
    .byte "~..~~~..,......T"
    .byte "~.o..,...^..WW.T"
    .byte "T..WW.....~~WW.T"
    .byte "T..WW..h..~C~..T"
    .byte "T......h..~~...T"
    .byte "T.,..........,.T"
    .byte "#######DD#######"
    ; Crypt
    .byte "#######__#######"
    .byte "#______________#"
    .byte "#_I__I____I__I_#"
    .byte "#______________#"
    .byte "#_##_C#__#C_##_#"
    .byte "#____________o_x"
    .byte "#__^________^__x"
    .byte "#_##__#__#__##_#"
    .byte "#______________#"
    .byte "#_I__I____I__I_#"
    .byte "#______________#"
    .byte "################"
    ; Beacon Hill
    .byte "#######::#######"
    .byte "#......::......#"
    .byte "#.,....::...,..#"
    .byte "#..I...b:...I..#"
    .byte "#......B:......#"
    .byte "x......::......~"
    .byte "x..^........^..~"
    .byte "#..I........I..#"
    .byte "#..........C...#"
    .byte "#.,....o.....,.#"
    .byte "#..............#"
    .byte "################"
    ; Isle
    .byte "WWWWWWW..WWWWWWW"
    .byte "WWWWW......WWWWW"
    .byte "WWW..P...,..WWWW"
    .byte "WW.........P.WWW"
    .byte "WW.P..C......WWW"
    .byte "~~~......,...WWW"
    .byte "~~~.....P....WWW"
    .byte "WW..,.......CWWW"
    .byte "WW....P.....WWWW"
    .byte "WWW.......P.WWWW"
    .byte "WWWWW..o.WWWWWWW"
    .byte "WWWWWWWWWWWWWWWW"
    ; Title
    .byte "                "
    .byte "****************"
    .byte "****************"
    .byte "****************"
    .byte "                "
    .byte "                "
    .byte "                "
    .byte "                "
    .byte "TT..,.TTT.C.,TTT"
    .byte "T.,..o........,T"
    .byte "::::::::::::::::"
    .byte "WWWWWWWWWWWWWWWW"

; Back to plain ASCII for what follows.
.repeat 95, i
.charmap i+32, i+32
.endrepeat

; --- palettes ------------------------------------------------------------------------------------------------------
; Text and stone, plants, water, wood and gold. The second colour of plants and wood is the ground.
themes:
    .byte $0F, $00, $10, $30,  $0F, $29, $19, $38,  $0F, $11, $21, $30,  $0F, $29, $17, $28     ; meadow
    .byte $0F, $00, $10, $30,  $0F, $1A, $0A, $2A,  $0F, $1C, $2C, $3C,  $0F, $1A, $17, $28     ; deep green
    .byte $0F, $00, $10, $30,  $0F, $38, $18, $28,  $0F, $11, $21, $30,  $0F, $38, $17, $28     ; sand
    .byte $0F, $03, $13, $30,  $0F, $03, $0C, $13,  $0F, $0C, $1C, $2C,  $0F, $03, $17, $28     ; crypt
sprite_palettes:
    .byte $0F, $0F, $36, $16,  $0F, $11, $21, $30,  $0F, $07, $16, $28,  $0F, $0F, $18, $2A
