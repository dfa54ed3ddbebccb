/* Memory as the program sees it. */
#ifndef RILLGATE_MEMORY_H
#define RILLGATE_MEMORY_H
#include "layout.h"

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

#define P8(a)  (*(volatile u8 *)(a))
#define P16(a) (*(volatile u16 *)(a))
#define P32(a) (*(volatile u32 *)(a))
#define S8(o)  P8(STATE + (o))
#define S16(o) P16(STATE + (o))
#define S32(o) P32(STATE + (o))

static inline u32 timebase(void)
{
    u32 t;
    __asm__ volatile("mftb %0" : "=r"(t));
    return t;
}

/* What was stored before is stored before what comes after, for other threads of the host as well. */
static inline void barrier(void)
{
    __asm__ volatile("sync" : : : "memory");
}

void fill(u32 at, u8 value, u32 n);
void copy(u32 to, u32 from, u32 n);
void text(u32 at, const char *s, u32 n);
void flush(u32 at, u32 n);

/* machine.c: what the console and its disc would have prepared. */
void low_memory(void);
u32 aram(u32 back, u32 at, u32 n);
void type_samples(void);
void bait_readers(u32 value);
#endif
