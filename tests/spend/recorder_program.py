"""Records calls in threads until it is killed, and tells through a file how many of each thread were acknowledged.

Arguments: address, spool, file, number of this process, threads, calls of each of them, and the call of the first
thread at which it says so; then, if calls are to come apart, the seconds between two of a thread.
"""

from __future__ import annotations

import mmap
import struct
import sys
import threading
import time
from pathlib import Path

import llmcost
from tests.spend.calls import cost

WIDTH = struct.calcsize("q")


def record(log, told, process, thread, calls, moment, pause):
    paid = [cost(tokens) for tokens in range(1, 8)]
    for number in range(calls):
        log.record(
            paid[number % 7], id=f"{process}-{thread}-{number}", team=f"t{thread}", user=f"u{number % 50}", at=number
        )
        told[thread] = number + 1
        if thread == 0 and number == moment:
            sys.stdout.write("now\n")
            sys.stdout.flush()
        if pause:
            time.sleep(pause)


def main():
    address, spool, file, process = sys.argv[1:5]
    threads, calls, moment = map(int, sys.argv[5:8])
    pause = float(sys.argv[8]) if sys.argv[8:] else 0.0
    with Path(file).open("r+b") as opened:
        # Numbers are written whole: ``struct.pack_into`` writes zeros first, and the process may be killed in between.
        told = memoryview(mmap.mmap(opened.fileno(), 0)).cast("q")
    log = llmcost.SpendLog(address, spool=spool, patience=0.2)
    workers = [
        threading.Thread(target=record, args=(log, told, process, thread, calls, moment, pause))
        for thread in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    log.close()


if __name__ == "__main__":
    main()
