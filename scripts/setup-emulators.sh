#!/usr/bin/env bash
# npm run setup:emulators: installs the real programs our suites run against, on Debian and Ubuntu.
set -euo pipefail

packages=(
  lua5.4 lua5.1 lua-socket # the connector in plain Lua, both versions emulators use
  lua-check                # luacheck
  fceux xvfb xauth xdotool # a real NES emulator, a display it can open its window on, and a hand for the keyboard
  cc65                     # assembles the cartridges of the testbed
  retroarch libretro-core-info libretro-bsnes-mercury-performance # a real SNES
  libretro-gambatte libretro-mgba # a real Game Boy, and a real Game Boy Advance, in the same RetroArch
  dolphin-emu              # a real GameCube and Wii
)

if ! command -v apt-get >/dev/null; then
  echo "This script knows Debian and Ubuntu only. Install these yourself: ${packages[*]}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "Everything is installed already: ${packages[*]}"
  exit 0
fi

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "Installing with apt-get: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "Installed."
