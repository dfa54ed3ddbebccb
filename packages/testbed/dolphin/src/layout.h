/*
 * Where the program keeps what others may read or write. `src/dolphin-game/memory-map.ts` holds the same numbers;
 * a test compares them. Offsets O_* count from STATE, I_* from IDENT. Everything is big-endian.
 */
#ifndef RILLGATE_LAYOUT_H
#define RILLGATE_LAYOUT_H

#define IDENT          0x80018000u /* identification block, part of the program file */
#define STATE          0x80300000u /* the state block */
#define STATE_PHYS_H   0x0030      /* upper half of its physical address */
#define SAVE_SLOT      0x80301000u /* the save: emptied by power-off, kept by a soft reset */
#define BOOT_LOWMEM    0x80302000u /* 0x80000000..0x800000FF as Dolphin left it */
#define BOOT_WIIMEM    0x80302100u /* 0x80003100..0x800031FF as Dolphin left it */
#define ARAM_STAGE     0x80304000u /* MEM1 side of ARAM transfers, 32-byte aligned */
#define PLAYER_POOL    0x80310000u /* four places of 0x1000; the player moves from one to the next */
#define STATE_IN_MEM2  0x90100000u /* copy of the first 0x40 bytes of STATE, Wii only */

#define I_MAGIC        0x00  /* char[16] "RILLGATE" */
#define I_VERSION      0x10  /* u8 */
#define I_DELIVERY     0x11  /* u8: 0 mailbox, counted by the game; 1 give array, counted by the client */
#define I_DEATH_LINK   0x12  /* u8: 1 deaths are shared */
#define I_STAMP        0x14  /* u32, CRC-32; 0: this copy is nobody's */
#define I_SLOT_NAME    0x20  /* char[64] */
#define I_SEED         0x60  /* char[64] */

#define O_MAGIC        0x000 /* char[8] "RILLGATE" */
#define O_VERSION      0x008 /* u32 */
#define O_NONCE        0x00C /* u32, differs from boot to boot and from reset to reset */
#define O_FRAME        0x010 /* u32, frames since boot or reset */
#define O_TICK         0x014 /* u32, decrementer interrupts */
#define O_SCENE        0x018 /* u32, the gate: SC_* */
#define O_SCENE_AGE    0x01C /* u32, frames */
#define O_STAGE_NAME   0x020 /* char[8], empty on the title */
#define O_STAGE_ID     0x028 /* u8, 0xFF while no stage is loaded */
#define O_NEXT_STAGE   0x029 /* u8 */
#define O_STAGE_CHESTS 0x02C /* u32: stage number << 24 | chests opened there since it was entered */

#define O_SAVE_ID      0x030 /* u32, another one for every new game. From here to O_MAIL: part of the save */
#define O_TAKEN        0x034 /* u16, entries in the bag */
#define O_EXPECTED     0x036 /* u16, the counter of delivery 1, written by the client */
#define O_CHESTS       0x038 /* u8[4], a byte per stage, merged when it is left */
#define O_GOAL         0x03C /* u32 */
#define O_DEATHS       0x040 /* u32 */
#define O_HEALTH       0x044 /* u16, copy of the player's */
#define O_HEALTH_MAX   0x046 /* u16 */
#define O_GIVE         0x048 /* u8[16], the inbox of delivery 1; 0xFF free, one taken per frame */
#define O_MAIL         0x058 /* u32, the inbox of delivery 0; 0 empty */

#define O_PLAYER       0x060 /* pointer, 0 while there is none */
#define O_COMMAND      0x070 /* u32 \ */
#define O_ARG0         0x074 /* u32 | a test does through these what a player would do with a controller */
#define O_ARG1         0x078 /* u32 | */
#define O_COMMAND_SEQ  0x07C /* u32 | written last */
#define O_COMMAND_ACK  0x080 /* u32 | equals COMMAND_SEQ when it is done */
#define O_RESULT       0x084 /* u32 / */
#define O_PACE         0x088 /* u32, frames between two steps of the keeper; 0: stands still */
#define O_TITLE        0x08C /* u32, frames of title; 0: until told */
#define O_HOLD         0x090 /* u32, frames for which the game takes no items */
#define O_CODE_VALUE   0x094 /* u32, what the patchable function returned this frame */
#define O_CODE_AT      0x098 /* pointer to its first instruction (li 3,1) */
#define O_INVENTORY    0x0A0 /* u8[16], how many of each item, by code; 0 counts what is unknown */
#define O_BAG          0x100 /* u8[256], codes of all items taken, in order; part of the save */
#define O_TEAR         0x200 /* u32[64], all of them rewritten every frame, slowly */
#define O_SEQLOCK      0x300 /* u32[64]: a sequence number, odd while TEAR or the rest is being written */
#define O_TYPES        0x400 /* a constant of every width */

#define P_STATS        0x010 /* in the player: pointer to the stats */
#define P_NO_POINTER   0x014 /* a number that is none */
#define S_HEALTH       0x008 /* in the stats: u16, the truth; 0 kills */
#define S_FLOAT        0x00C /* float 123.456 */
#define S_FRAME        0x010 /* u32 */

#define SC_TITLE 1
#define SC_LOADING 2
#define SC_GAME 3
#define SC_DEAD 4

#define CMD_OPEN_CHEST 1   /* arg0: chest of this stage */
#define CMD_KILL 2
#define CMD_SOFT_RESET 3
#define CMD_SAVE 4
#define CMD_LOAD 5
#define CMD_SET_STAGE 6    /* arg0: stage */
#define CMD_START 7        /* leaves the title */
#define CMD_ARAM_PUT 8     /* GameCube. arg0: ARAM address, arg1: bytes of a pattern */
#define CMD_ARAM_GET 9     /* GameCube: the other way, to ARAM_STAGE */
#define CMD_POKE 10        /* arg0: guest address, arg1: word that the CPU stores there */
#define CMD_PEEK 11        /* arg0: guest address; the CPU loads the result from there */
#define CMD_FLUSH_CODE 12  /* the CPU forgets its translation of the patchable function */

#define STAGES 4
#define CHESTS_PER_STAGE 6
#define ITEM_LANTERN 1
#define ITEM_LADDER 2
#define ITEM_BOAT 3
#define ITEM_COG 4
#define ITEM_THORN_TRAP 9
#define LAST_ITEM 9
#define COGS_NEEDED 5
#define BAG_SIZE 255
#define FREE 0xFF
#define MAIL_CHECK 0xA5
#endif
