#!/bin/sh
# Starts the real one as a child, hands no signals on, and takes it down when it is ended itself: as sandboxes do.
"$(dirname "$0")/fake-dolphin.mjs" "$@" &
trap 'kill -9 $!; exit 1' TERM
wait $!
