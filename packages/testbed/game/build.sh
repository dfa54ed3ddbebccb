#!/usr/bin/env bash
# Builds emberwalk.nes with ca65 and ld65 (Debian: cc65). Usage: build.sh [output file]
set -euo pipefail
cd "$(dirname "$0")"
output=${1:-emberwalk.nes}
object=$(mktemp)
trap 'rm -f "$object"' EXIT
ca65 -t none -I src -o "$object" src/main.s
ld65 -C game.cfg -o "$output" "$object"
