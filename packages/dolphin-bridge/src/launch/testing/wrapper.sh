#!/bin/sh
# Starts the real one as a child, as some distributions do, and hands no signals on.
"$(dirname "$0")/fake-dolphin.mjs" "$@"
exit $?
