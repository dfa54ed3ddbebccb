/* The console around the game: low memory, audio RAM, and bait for programs that read from outside. */
#include "memory.h"

void fill(u32 at, u8 value, u32 n)
{
    for (u32 i = 0; i < n; i++)
        P8(at + i) = value;
}

void copy(u32 to, u32 from, u32 n)
{
    for (u32 i = 0; i < n; i++)
        P8(to + i) = P8(from + i);
}

void text(u32 at, const char *s, u32 n)
{
    u32 i = 0;
    for (; i < n && s[i]; i++)
        P8(at + i) = (u8)s[i];
    for (; i < n; i++)
        P8(at + i) = 0;
}

void flush(u32 at, u32 n)
{
    for (u32 a = at & ~31u; a < at + n; a += 32)
        __asm__ volatile("dcbst 0,%0; sync; icbi 0,%0" : : "r"(a) : "memory");
    __asm__ volatile("sync; isync" : : : "memory");
}

static void unless_set(u32 at, u32 value)
{
    if (!P32(at))
        P32(at) = value;
}

/* Dolphin fills some of it for a bare program, but not what comes from a disc: id, revision and magic. */
void low_memory(void)
{
    copy(BOOT_LOWMEM, 0x80000000, 0x100);
    copy(BOOT_WIIMEM, 0x80003100, 0x100);
#ifdef WII
    text(0x80000000, "RRGE99", 6);
    P32(0x80000018) = 0x5D1C9EA3;
    P32(0x8000001C) = 0;
    unless_set(0x80003100, 0x01800000);
    unless_set(0x80003104, 0x01800000);
    unless_set(0x80003118, 0x04000000);
    unless_set(0x8000311C, 0x04000000);
#else
    text(0x80000000, "GRGE99", 6);
    P32(0x80000018) = 0;
    P32(0x8000001C) = 0xC2339F3D;
    unless_set(0x800000D0, 0x01000000);
#endif
    P8(0x80000006) = 0;                 /* disc number */
    P8(0x80000007) = 2;                 /* revision */
    unless_set(0x80000020, 0x0D15EA5E);
    unless_set(0x80000024, 1);
    unless_set(0x80000028, 0x01800000);
    unless_set(0x800000F0, P32(0x80000028));
}

/* One ARAM transfer through the DSP interface: MEM1 to ARAM, or back. */
u32 aram(u32 back, u32 at, u32 n)
{
#ifdef WII
    (void)back, (void)at, (void)n;
    return 1;
#else
    n = (n + 31) & ~31u;
    if (n == 0 || n > 0x4000)
        return 1;
    if (!back)
        for (u32 i = 0; i < n; i++)
            P8(ARAM_STAGE + i) = (u8)(0xA5 ^ (at + i));
    flush(ARAM_STAGE, n);
    P32(0xCC005020) = ARAM_STAGE & 0x01FFFFFF;
    P32(0xCC005024) = at;
    P32(0xCC005028) = (back << 31) | n;
    for (u32 t = timebase(); timebase() - t < 400000 && (P16(0xCC00500A) & 0x0200);)
        ;
    return 0;
#endif
}

void type_samples(void)
{
    u32 at = STATE + O_TYPES;
    P8(at + 0x00) = 0x81;
    P8(at + 0x01) = 0x7F;
    P16(at + 0x02) = 0x8001;
    P32(at + 0x04) = 0xDEADBEEF;
    P32(at + 0x08) = 0x01234567;        /* u64 */
    P32(at + 0x0C) = 0x89ABCDEF;
    P32(at + 0x10) = 0x40490FDB;        /* float pi */
    P32(at + 0x18) = 0x4005BF0A;        /* double e */
    P32(at + 0x1C) = 0x8B145769;
    text(at + 0x20, "text in latin\xE9", 32);
    P32(at + 0x41) = 0xCAFEF00D;        /* unaligned on purpose */
}

/* Blocks a reader may catch half rewritten, one slowly and one fast; the sequence number says when. */
void bait_readers(u32 value)
{
    S32(O_SEQLOCK) = S32(O_SEQLOCK) + 1;
    barrier();
    for (u32 i = 0; i < 64; i++) {
        S32(O_TEAR + 4 * i) = value;
        for (u32 t = timebase(); timebase() - t < 80;)
            ;
    }
    for (u32 i = 1; i < 64; i++)
        S32(O_SEQLOCK + 4 * i) = value;
    barrier();
    S32(O_SEQLOCK) = S32(O_SEQLOCK) + 1;
}
