"""One function over many tasks, on any executor: the processes of this machine, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from accountsheet import worker
from accountsheet.finding import UsageProblem
from accountsheet.phrases import remark

if TYPE_CHECKING:
    from distributed import Client

Task = TypeVar("Task")
Result = TypeVar("Result")

PATIENCE = 15
"""Seconds to wait for a scheduler."""


@dataclass(frozen=True)
class Hands:
    """An executor, and how many tasks it works at together."""

    executor: Executor
    count: int

    def done(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[tuple[int, Result]]:
        """Give each task's number and result, in the order in which they are done; one that is broken off begins no more."""
        futures = {self.executor.submit(function, task): number for number, task in enumerate(tasks)}
        try:
            for future in as_completed(futures):
                yield futures.pop(future), future.result()
                del future  # no result is held on to
        except BaseException:  # Ctrl-C, or the one who asked wants no more
            for future in futures:
                future.cancel()
            worker.end_all()
            raise


@contextmanager
def hands(jobs: int, scheduler: str | Client | None = None) -> Iterator[Hands]:
    """Give the hands of this machine, or of a Dask cluster by its address or client; raises UsageProblem."""
    if scheduler is None:
        # Threads that wait: the work is done in processes of their own, or by libraries that let go of the interpreter.
        with ThreadPoolExecutor(jobs) as pool:
            yield Hands(pool, jobs)
    elif isinstance(scheduler, str):
        with connected(scheduler) as client:
            yield of_client(client)
    else:
        yield of_client(scheduler)


def of_client(client: Client) -> Hands:
    """Give the hands of a cluster."""
    return Hands(client.get_executor(pure=False), max(1, sum(client.nthreads().values())))  # type: ignore[no-untyped-call]


def connected(address: str) -> Any:
    """Connect to a scheduler; raises UsageProblem where it cannot be reached, or dask is not installed."""
    try:
        from distributed import Client
    except ImportError as problem:
        raise UsageProblem(remark("dask-missing")) from problem
    try:
        return Client(address, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as problem:
        raise UsageProblem(remark("scheduler-unreachable", file=address, why=str(problem) or type(problem).__name__)) from problem
