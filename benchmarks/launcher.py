"""A program run, timed and its memory taken, by a process that is small itself: a child's peak is never below its parent's size.

Run as a script, it needs nothing but the standard library: launcher.py COMMAND ... prints seconds, bytes and exit status.
"""

import os
import subprocess
import sys
import time


def main() -> None:
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    memory = 0
    if hasattr(os, "wait4"):
        _, ended, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(ended)
        memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    status = process.wait()
    print(time.perf_counter() - start, memory, status)


if __name__ == "__main__":
    main()
