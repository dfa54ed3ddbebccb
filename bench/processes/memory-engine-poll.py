"""Reads scattered values of a running game by dolphin-memory-engine, as clients in Python do.

Takes JSON: {"places": [[address, size], ...], "runs": n, "calls": n, "proof": [address, hex]}. Prints JSON: its version and the
microseconds of one poll, run by run. Ends with 3 where the module is not installed, with 4 where it does not reach the game.
"""
import json
import sys
import time

try:
    import dolphin_memory_engine as engine
except ImportError:
    sys.exit(3)
from importlib.metadata import version

task = json.loads(sys.argv[1])
engine.hook()
address, expected = task["proof"]
try:
    if engine.read_bytes(address, len(expected) // 2).hex() != expected:
        sys.exit(4)
except RuntimeError:
    sys.exit(4)


def reader(address, size):
    if size == 1:
        return lambda: engine.read_byte(address)
    if size == 4:
        return lambda: engine.read_word(address)
    return lambda: engine.read_bytes(address, size)


readers = [reader(address, size) for address, size in task["places"]]
times = []
for run in range(task["runs"] + 1):
    begun = time.perf_counter()
    for _ in range(task["calls"]):
        for read in readers:
            read()
    times.append((time.perf_counter() - begun) * 1e6 / task["calls"])

json.dump({"version": version("dolphin-memory-engine"), "times": times[1:]}, sys.stdout)
