#!/usr/bin/env bash
# Builds rillgate-gc.dol and rillgate-wii.dol (Debian 12: gcc-powerpc-linux-gnu). Usage: build.sh [output folder]
set -euo pipefail
output=$(realpath "${1:-$(dirname "$0")}")
cd "$(dirname "$0")"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

flags=(
  -mcpu=750 -m32 -mbig-endian -msoft-float -msdata=none -O2 -Wall -Wextra -Werror
  -ffreestanding -fno-builtin -fno-pic -no-pie -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables
  -fno-stack-protector -nostdlib -static
  -Wl,--build-id=none -Wl,-T,src/link.ld -Wl,-z,noexecstack -Wl,-z,max-page-size=32 -Wl,--no-warn-rwx-segments
)
# A frame is 1/60 s of the timebase: 40.5 MHz, 60.75 MHz on the Wii.
powerpc-linux-gnu-gcc "${flags[@]}" -DFRAME_TICKS=675000 -o "$objects/gc" src/crt0.S src/machine.c src/game.c
powerpc-linux-gnu-gcc "${flags[@]}" -DFRAME_TICKS=1012500 -DWII -o "$objects/wii" src/crt0.S src/machine.c src/game.c
for console in gc wii; do
  node elf-to-dol.mjs "$objects/$console" "$output/rillgate-$console.dol"
done
