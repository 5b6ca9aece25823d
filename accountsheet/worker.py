"""Work in processes of their own, each bounded in time and memory: a file that hangs or kills its reader takes nothing else down.

A plain child process, and no pool of multiprocessing: those import the caller's script again, and all break when one dies.
What comes back is bytes, since a process that a hostile file has taken over is not to be believed.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Literal, TypeAlias

SECONDS = 20.0
"""What one item of work may take: a workbook takes a hundredth of a second."""
STARTING = 90.0
"""What a process may take to start and to import, on a machine that is busy or still asleep."""
MEGABYTES = 450
"""What a process may take of memory: reading plans takes a hundred."""
LOOK = 0.02
"""Seconds between two looks at a process that is at work."""
LONGEST_ANSWER = 2**29
"""Bytes: more than a process has of memory."""
IDLE = 30.0
"""Seconds after which a process that has nothing to do ends."""

_LENGTH = struct.Struct("<Q")
_START = "import accountsheet.reading, pyarrow; from accountsheet.worker import serve; serve()"  # what the work will need

Why: TypeAlias = Literal["time", "memory", "crash", "ended"]
Beat: TypeAlias = Callable[[], None]
"""To be called after each item of work: the clock starts again."""


class Stopped(Exception):
    """A process that died, or had to be stopped; `done` items had been worked off by then."""

    def __init__(self, why: Why, done: int) -> None:
        super().__init__(f"{why} after {done}")
        self.why, self.done = why, done


class Worker:
    """A process that works for us, watched by a thread."""

    def __init__(self) -> None:
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(  # -P: nothing in the current folder is taken for a module
            [sys.executable, "-P", "-W", "ignore", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._since = self._allowed = 0.0
        self._ended_by: Why = "crash"
        self._at_work = threading.Event()
        threading.Thread(target=self._watch, name="accountsheet-watch", daemon=True).start()

    def call(self, function: Callable[..., bytes], *arguments: object) -> bytes:
        """Give function(*arguments, beat) as that process works it out; raises Stopped."""
        done = 0
        self._since, self._allowed = time.monotonic(), STARTING
        self._at_work.set()
        try:
            assert self._process.stdin is not None and self._process.stdout is not None
            pickle.dump((function, arguments), self._process.stdin)
            self._process.stdin.flush()
            while True:
                kind, content = received(self._process.stdout)
                self._since = time.monotonic()
                if kind == b"=":
                    return content
                done += kind == b"+"
                self._allowed = SECONDS
        except (OSError, EOFError) as problem:
            self.end()
            raise Stopped(self._ended_by, done) from problem
        finally:
            self._at_work.clear()

    def kill(self, why: Why) -> None:
        """Stop the process, whatever it is doing; whoever waits for its answer hears why."""
        self._ended_by = why
        with suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """Let go of the process."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def _watch(self) -> None:
        """Look at the process as long as it is there."""
        import psutil

        with suppress(psutil.Error):
            seen = psutil.Process(self._process.pid)
            while self.alive:
                if not self._at_work.wait(IDLE):
                    if retired(self):
                        self.end()
                elif time.monotonic() - self._since > self._allowed:
                    self.kill("time")
                elif seen.memory_info().rss > MEGABYTES * 2**20:
                    self.kill("memory")
                else:
                    time.sleep(LOOK)


def received(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """Take one message: "!" begun, "+" an item done, "=" the answer; raises EOFError."""
    head = stream.read(1 + _LENGTH.size)
    if len(head) < 1 + _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head[1:])
    content = stream.read(min(length, LONGEST_ANSWER))
    if len(content) < length:
        raise EOFError
    return head[:1], content


# ------------------------------------------------------------------------------------------------------- who is at hand

_idle: list[Worker] = []
_busy: set[Worker] = set()
_lock = threading.Lock()


@contextmanager
def borrowed() -> Iterator[Worker]:
    """Give a worker that nobody else is using; it is kept for the next one who asks."""
    with _lock:
        _idle[:] = [worker for worker in _idle if worker.alive]
        worker = _idle.pop() if _idle else None
        if worker is not None:
            _busy.add(worker)
    if worker is None:
        worker = Worker()
        with _lock:
            _busy.add(worker)
    try:
        yield worker
    except BaseException:
        worker.end()
        raise
    finally:
        with _lock:
            _busy.discard(worker)
            if worker.alive:
                _idle.append(worker)


def prepare() -> None:
    """Let a worker start that will be wanted soon."""
    with _lock:
        if not _idle:
            _idle.append(Worker())


def retired(worker: Worker) -> bool:
    """Take a worker that has nothing to do out of the ranks; false where it has just been borrowed."""
    with _lock:
        if worker in _idle:
            _idle.remove(worker)
            return True
        return False


def end_all() -> None:
    """End every worker: callers of those at work get Stopped."""
    with _lock:
        workers = [*_idle, *_busy]
        _idle.clear()
    for worker in workers:
        worker.kill("ended")


atexit.register(end_all)


# ----------------------------------------------------------------------------------------------------- in the process


def serve() -> None:
    """Work off what is asked on the standard input, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints does not spoil the answers

    def tell(kind: bytes, content: bytes = b"") -> None:
        answers.write(kind + _LENGTH.pack(len(content)) + content)
        answers.flush()

    with suppress(EOFError, BrokenPipeError):
        while True:
            function, arguments = pickle.load(asked)  # imports what the work needs
            tell(b"!")
            tell(b"=", function(*arguments, lambda: tell(b"+")))
