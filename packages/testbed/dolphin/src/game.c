/*
 * Rillgate: four stages, six chests in each, a gate that opens with five Cogs. The keeper plays by itself; what the
 * chests hold is decided elsewhere, and what the keeper needs comes from there.
 */
#include "memory.h"

extern u8 dec_handler[], dec_handler_end[];
extern u32 wait_tick(u32 last);
extern u32 patchable(void);

enum { ALL_CHESTS = (1 << CHESTS_PER_STAGE) - 1, TOWER = 2, HEALTH = 12 };
enum { LOADING_FRAMES = 20, DEAD_FRAMES = 60, TITLE_FRAMES = 30, PACE = 12 };

static const char *const stage_names[STAGES] = {"Field", "Cave", "Tower", "Sea"};
static const u8 stage_needs[STAGES] = {0, ITEM_LANTERN, ITEM_LADDER, ITEM_BOAT};
static const struct { u16 at, n; } saved[] = {{O_SAVE_ID, O_MAIL - O_SAVE_ID}, {O_BAG, 0x100}};
static u32 player_moves;

/* --- The player object: elsewhere after every load, nowhere while there is no stage. --- */

static void place_player(void)
{
    u32 base = PLAYER_POOL + (player_moves++ & 3) * 0x1000;
    fill(base, 0, 0x800);
    text(base, "PLAYER", 8);
    P32(base + P_STATS) = base + 0x400;
    P32(base + P_NO_POINTER) = 0x123;
    P32(base + 0x400) = base;
    P16(base + 0x400 + S_HEALTH) = S16(O_HEALTH);
    P32(base + 0x400 + S_FLOAT) = 0x42F6E979;
    barrier();
    S32(O_PLAYER) = base;
}

static u32 health_at(void)
{
    return P32(S32(O_PLAYER) + P_STATS) + S_HEALTH;
}

static void enter(u32 scene)
{
    if (scene == SC_TITLE || scene == SC_LOADING) {
        S32(O_SCENE) = scene;
        S8(O_STAGE_ID) = 0xFF;
        S32(O_PLAYER) = 0;
    } else if (!S32(O_PLAYER)) {
        place_player();
    }
    barrier();
    S32(O_SCENE) = scene;
    S32(O_SCENE_AGE) = 0;
}

/* --- Saves --- */

static void save(void)
{
    u32 at = SAVE_SLOT + 16;
    text(SAVE_SLOT, "", 8);
    P32(SAVE_SLOT + 8) = P32(IDENT + I_STAMP);
    for (u32 i = 0; i < 2; at += saved[i++].n)
        copy(at, STATE + saved[i].at, saved[i].n);
    barrier();
    text(SAVE_SLOT, "RILLSAVE", 8);
}

static int has_save(void)
{
    return P32(SAVE_SLOT) == 0x52494C4C && P32(SAVE_SLOT + 4) == 0x53415645
        && P32(SAVE_SLOT + 8) == P32(IDENT + I_STAMP);
}

static void new_game(void)
{
    fill(STATE + O_SAVE_ID, 0, O_MAIL - O_SAVE_ID);
    fill(STATE + O_GIVE, FREE, 16);
    fill(STATE + O_BAG, 0, 0x100);
    S32(O_SAVE_ID) = timebase() * 2654435761u ^ S32(O_NONCE);
    S16(O_HEALTH_MAX) = HEALTH;
    S16(O_HEALTH) = HEALTH;
}

/* What the keeper has is not saved but counted from the bag, so that the two cannot disagree. */
static void count_bag(void)
{
    fill(STATE + O_INVENTORY, 0, 16);
    for (u32 i = 0; i < S16(O_TAKEN); i++) {
        u8 code = S8(O_BAG + i);
        S8(O_INVENTORY + (code <= LAST_ITEM ? code : 0))++;
    }
}

static void begin(void)
{
    if (has_save()) {
        u32 at = SAVE_SLOT + 16;
        for (u32 i = 0; i < 2; at += saved[i++].n)
            copy(STATE + saved[i].at, at, saved[i].n);
    } else {
        new_game();
    }
    S32(O_MAIL) = 0;
    count_bag();
}

/* --- Stages and chests --- */

static void go_to(u32 stage)
{
    u32 left = S8(O_STAGE_ID);
    if (left < STAGES)
        S8(O_CHESTS + left) |= (u8)S32(O_STAGE_CHESTS);
    enter(SC_LOADING);
    S32(O_STAGE_CHESTS) = 0xFF000000;
    S8(O_NEXT_STAGE) = (u8)(stage % STAGES);
}

static void arrive(void)
{
    u32 stage = S8(O_NEXT_STAGE);
    text(STATE + O_STAGE_NAME, stage_names[stage], 8);
    S32(O_STAGE_CHESTS) = stage << 24;
    S8(O_STAGE_ID) = (u8)stage;
    save();
    enter(SC_GAME);
}

static u32 shut_chests(u32 stage)
{
    u32 open = S8(O_CHESTS + stage);
    if (stage == S8(O_STAGE_ID))
        open |= S32(O_STAGE_CHESTS);
    return ALL_CHESTS & ~open;
}

static void open_chest(u32 chest)
{
    if (S8(O_STAGE_ID) < STAGES && chest < CHESTS_PER_STAGE)
        S32(O_STAGE_CHESTS) |= 1u << chest;
}

static int reaches(u32 stage)
{
    return !stage_needs[stage] || S8(O_INVENTORY + stage_needs[stage]);
}

/* One step of the keeper: a chest here, else a chest elsewhere, else the gate. */
static void keeper_step(void)
{
    u32 here = S8(O_STAGE_ID), shut = shut_chests(here);
    if (shut) {
        open_chest((u32)__builtin_ctz(shut));
        return;
    }
    for (u32 stage = 0; stage < STAGES; stage++)
        if (reaches(stage) && shut_chests(stage)) {
            go_to(stage);
            return;
        }
    if (S32(O_GOAL) || S8(O_INVENTORY + ITEM_COG) < COGS_NEEDED || !reaches(TOWER))
        return;
    if (here == TOWER)
        S32(O_GOAL) = 1;
    else
        go_to(TOWER);
}

/* --- Items --- */

static void take(u8 code)
{
    u16 n = S16(O_TAKEN);
    if (n >= BAG_SIZE)
        return;
    S8(O_BAG + n) = code;
    barrier();
    S16(O_TAKEN) = n + 1;
    S8(O_INVENTORY + (code <= LAST_ITEM ? code : 0))++;
    if (code == ITEM_THORN_TRAP && P16(health_at()) > 1)
        P16(health_at())--;
}

/*
 * Delivery 0. The word says which entry of the list it is: one that is not awaited was written late, or in another
 * timeline, and is thrown away. The check byte tells a word that was caught half written; it gets a frame more.
 */
static void take_mail(void)
{
    static u32 odd;
    u32 mail = S32(O_MAIL);
    u8 code = (u8)(mail >> 16), check = (u8)(mail >> 24);
    if (!mail)
        return;
    if (!code || check != (u8)(MAIL_CHECK ^ code ^ (mail >> 8) ^ mail)) {
        if (mail == odd)
            S32(O_MAIL) = 0;
        odd = mail;
        return;
    }
    odd = 0;
    if ((u16)mail == S16(O_TAKEN))
        take(code);
    S32(O_MAIL) = 0;
}

/* Delivery 1: whatever lies in the array is an item; nothing says which one. */
static void take_given(void)
{
    for (u32 i = 0; i < 16; i++) {
        u8 code = S8(O_GIVE + i);
        if (code != FREE) {
            S8(O_GIVE + i) = FREE;
            take(code);
            return;
        }
    }
}

/* --- Frames --- */

static void play(void)
{
    S16(O_HEALTH) = P16(health_at());
    if (S16(O_HEALTH) == 0) {
        S32(O_DEATHS) = S32(O_DEATHS) + 1;
        enter(SC_DEAD);
        return;
    }
    if (S32(O_HOLD)) {
        S32(O_HOLD) = S32(O_HOLD) - 1;
        return;
    }
    if (P8(IDENT + I_DELIVERY))
        take_given();
    else
        take_mail();
    if (S32(O_PACE) && S32(O_SCENE_AGE) % S32(O_PACE) == 0)
        keeper_step();
}

static void revive(void)
{
    S16(O_HEALTH) = S16(O_HEALTH_MAX);
    P16(health_at()) = S16(O_HEALTH);
    enter(SC_GAME);
}

/* Power-on and soft reset. Only the save slot, the ticks and what tests have set stay. */
static void reset(void)
{
    u32 nonce = timebase() * 2654435761u ^ (S32(O_NONCE) + 0x9E3779B9u);
    u32 seq = S32(O_COMMAND_SEQ), pace = S32(O_PACE), title = S32(O_TITLE);
    enter(SC_TITLE);
    fill(STATE + O_STAGE_NAME, 0, O_COMMAND - O_STAGE_NAME);
    S8(O_STAGE_ID) = 0xFF;
    S32(O_STAGE_CHESTS) = 0xFF000000;
    fill(STATE + O_COMMAND, 0, O_TYPES + 0x80 - O_COMMAND);
    fill(STATE + O_GIVE, FREE, 16);
    S32(O_COMMAND_SEQ) = seq;
    S32(O_COMMAND_ACK) = seq;
    S32(O_PACE) = pace;
    S32(O_TITLE) = title;
    S32(O_CODE_AT) = (u32)patchable;
    S32(O_VERSION) = 1;
    S32(O_NONCE) = nonce;
    S32(O_FRAME) = 0;
    type_samples();
    text(STATE + O_MAGIC, "RILLGATE", 8);
}

static u32 command(u32 what, u32 a, u32 b)
{
    switch (what) {
    case CMD_OPEN_CHEST:
        open_chest(a);
        return 0;
    case CMD_KILL:
        if (!S32(O_PLAYER))
            return 1;
        P16(health_at()) = 0;
        return 0;
    case CMD_SOFT_RESET:
        reset();
        return 0;
    case CMD_SAVE:
        save();
        return 0;
    case CMD_LOAD:
        enter(SC_LOADING);
        begin();
        return 0;
    case CMD_SET_STAGE:
        go_to(a);
        return 0;
    case CMD_START:
        begin();
        go_to(0);
        return 0;
    case CMD_ARAM_PUT:
        return aram(0, a, b);
    case CMD_ARAM_GET:
        return aram(1, a, b);
    case CMD_POKE:
        P32(a) = b;
        return 0;
    case CMD_PEEK:
        return P32(a);
    case CMD_FLUSH_CODE:
        flush((u32)patchable, 4);
        return 0;
    }
    return 0xFFFFFFFF;
}

static void obey(void)
{
    u32 seq = S32(O_COMMAND_SEQ);
    if (seq == S32(O_COMMAND_ACK))
        return;
    S32(O_RESULT) = command(S32(O_COMMAND), S32(O_ARG0), S32(O_ARG1));
    barrier();
    S32(O_COMMAND_ACK) = seq;
}

static void frame(void)
{
    u32 age = S32(O_SCENE_AGE) + 1;
    S32(O_FRAME) = S32(O_FRAME) + 1;
    S32(O_SCENE_AGE) = age;
    switch (S32(O_SCENE)) {
    case SC_TITLE:
        if (S32(O_TITLE) && age >= S32(O_TITLE))
            command(CMD_START, 0, 0);
        break;
    case SC_LOADING:
        if (age >= LOADING_FRAMES)
            arrive();
        break;
    case SC_GAME:
        play();
        break;
    case SC_DEAD:
        if (age >= DEAD_FRAMES)
            revive();
        break;
    }
    obey();
    if (S32(O_PLAYER))
        P32(P32(S32(O_PLAYER) + P_STATS) + S_FRAME) = S32(O_FRAME);
    S32(O_CODE_VALUE) = patchable();
    bait_readers(S32(O_FRAME));
#ifdef WII
    copy(STATE_IN_MEM2, STATE, 0x40);
#endif
}

static void start_clock(void)
{
    u32 n = (u32)(dec_handler_end - dec_handler), msr;
    copy(0x80000900, (u32)dec_handler, n);
    flush(0x80000900, n);
    __asm__ volatile("mtspr 22,%0" : : "r"(FRAME_TICKS));
    __asm__ volatile("mfmsr %0" : "=r"(msr));
    __asm__ volatile("mtmsr %0; isync" : : "r"((msr | 0x8000u) & ~0x40u) : "memory");
}

void run(void);
void run(void)
{
    S32(O_PACE) = PACE;
    S32(O_TITLE) = TITLE_FRAMES;
    S32(O_NONCE) = timebase();
    reset();
    low_memory();
    start_clock();
    for (u32 tick = S32(O_TICK);;) {
        tick = wait_tick(tick);
        frame();
    }
}
