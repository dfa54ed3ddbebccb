/* Stands in for Dolphin on Windows: the same section under the same name, mapped as Dolphin maps it, and a game in MEM1 that counts
   frames and takes a byte. A line on standard input moves it on: first it lets go of its memory as "Stop" does, then it starts a
   game again, and so on; `q` ends it.
   usage: Dolphin.exe gc|wii named|nameless */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define MEM1 0x02000000u
#define LOCKED_CACHE 0x00040000u

static uint8_t *volatile ram;
static uint8_t *cache, *extra, *second;
static HANDLE section;

static void put32(uint8_t *at, uint32_t value)
{
    at[0] = value >> 24, at[1] = value >> 16, at[2] = value >> 8, at[3] = value;
}

/* At the distances that the guest's own addresses have, as Dolphin lays out its logical view. */
static int start(int wii, int named)
{
    uint32_t third = wii ? 0x04000000 : 0x02000000;
    char name[64];
    snprintf(name, sizeof name, "dolphin-emu.%lu", GetCurrentProcessId());
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, MEM1 + LOCKED_CACHE + third, named ? name : NULL);
    if (!section)
        return 0;
    uint8_t *logical = (uint8_t *)0x200000000ull;
    uint8_t *first = MapViewOfFileEx(section, FILE_MAP_ALL_ACCESS, 0, 0, MEM1, logical + 0x80000000ull);
    cache = MapViewOfFileEx(section, FILE_MAP_ALL_ACCESS, 0, MEM1, LOCKED_CACHE, logical + 0xE0000000ull);
    extra = MapViewOfFileEx(section, FILE_MAP_ALL_ACCESS, 0, MEM1 + LOCKED_CACHE, third, logical + (wii ? 0x90000000ull : 0x7E000000ull));
    second = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, MEM1);
    if (!first || !cache || !extra || !second)
        return 0;
    memcpy(first, wii ? "RRGE99" : "GRGE99", 6);
    put32(first + 0x18, wii ? 0x5D1C9EA3 : 0);
    put32(first + 0x1C, wii ? 0 : 0xC2339F3D);
    put32(first + 0x28, 0x01800000);
    put32(first + 0xD0, wii ? 0 : 0x01000000);
    put32(first + 0xF0, 0x01800000);
    if (wii) {
        put32(first + 0x3100, 0x01800000);
        put32(first + 0x3104, 0x01800000);
        put32(first + 0x3118, 0x04000000);
        put32(first + 0x311C, 0x04000000);
    }
    memcpy(extra + 0x100, "THIRDREG", 8);
    put32(first + 0x20, 0x0D15EA5E);
    ram = first;
    return 1;
}

static void stop(void)
{
    uint8_t *first = ram;
    ram = NULL;
    Sleep(50);
    UnmapViewOfFile(first);
    UnmapViewOfFile(cache);
    UnmapViewOfFile(extra);
    UnmapViewOfFile(second);
    CloseHandle(section);
}

static DWORD WINAPI play(void *nothing)
{
    (void)nothing;
    for (uint32_t frame = 1;; frame++) {
        uint8_t *game = ram;
        if (game) {
            put32(game + 0x300010, frame);
            game[0x300070] = 0xFF;
        }
        Sleep(16);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    int wii = !strcmp(argv[1], "wii"), named = !strcmp(argv[2], "named");
    char line[16];
    if (!start(wii, named))
        return 1;
    CreateThread(NULL, 0, play, NULL, 0, NULL);
    for (;;) {
        printf("running %lu\n", GetCurrentProcessId());
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin) || *line == 'q')
            return 0;
        stop();
        puts("stopped");
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin) || *line == 'q')
            return 0;
        if (!start(wii, named))
            return 1;
    }
}
