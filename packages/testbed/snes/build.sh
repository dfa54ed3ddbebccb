#!/usr/bin/env bash
# Builds the code blocks of Marshlight, 32 KiB each, with ca65 and ld65 (Debian: cc65). Usage: build.sh [output folder]
set -euo pipefail
cd "$(dirname "$0")"
output=${1:-.}
object=$(mktemp)
trap 'rm -f "$object"' EXIT
for kind in lorom:0 hirom:1 exhirom:2; do
  ca65 -D "MAP=${kind#*:}" -o "$object" marshlight.s
  ld65 -C block.cfg -o "$output/marshlight-${kind%:*}.bin" "$object"
done
