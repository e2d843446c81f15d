"""Runs one command and writes what it took to a JSON file.

Wall time, CPU time (user and system) and peak resident memory are the kernel's own figures for that process and
those it waited for (wait4). What earlier commands left unwritten is brought to disk first. A command that takes
longer, or more memory, than it may is killed.

Usage: measure.py RESULT SECONDS BYTES COMMAND [ARGUMENT ...]
"""

import json
import os
import subprocess
import sys
import threading
import time

LOOK_EVERY = 0.2
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(pid):
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * PAGE
    except FileNotFoundError:
        pass
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True).stdout
    return int(shown.strip() or 0) * 1024


def main():
    result, seconds, most_bytes, *command = sys.argv[1:]
    most_seconds, most_bytes = float(seconds), int(most_bytes)
    os.sync()
    ended = threading.Event()
    stopped = []

    def watch():
        while not ended.wait(LOOK_EVERY):
            if time.perf_counter() - started > most_seconds:
                stopped.append("time")
            elif resident_bytes(process.pid) > most_bytes:
                stopped.append("memory")
            else:
                continue
            process.kill()
            return

    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    watcher.join()
    facts = {
        "seconds": wall,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakBytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        "exit": process.returncode,
        "stopped": stopped[0] if stopped else None,
    }
    with open(result, "w") as file:
        json.dump(facts, file)


main()
