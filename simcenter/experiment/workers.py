"""Who does the work: this process alone, processes, threads, or a Dask cluster.

Replications are handed out in order and taken back in order, a bounded number ahead, so
whatever is made of them depends neither on the number nor on the kind of workers, and a
slow taker never lets results pile up.

A replication of the compiled engine runs beside other threads for the greater part, so two
threads share its work from the first moment; where there are more cores, and much is left to
do, processes take over. Other work is many short steps of Python, which do not run beside
each other: it is begun alone, and goes to processes when it takes long.
"""

from __future__ import annotations

import itertools
import os
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from simcenter.errors import InputError
from simcenter.model.words import one_line

__all__ = ["Workers", "cores", "in_order", "workers_for"]

T = TypeVar("T", covariant=True)

AHEAD = 4
"""So many replications per worker are begun before the first of them is taken."""

MOST = 1024

SHARED_BY_THREADS = 2
"""So many threads share the work as well as processes do."""

AGAIN = 2
"""So often in a row work is handed out again whose process was killed."""

ALONE_SECONDS = 3.0
"""Processes take some seconds to begin: they are asked for help after so long, for as much."""


class Task(Protocol[T]):
    """Makes what is wanted of the replication with this number."""

    def __call__(self, number: int, /) -> T:
        """Return it."""
        ...


@dataclass(frozen=True)
class Workers:
    """How many there are, of which kind.

    ``alone``; ``cores``: here at first (in threads where the task runs beside them), in
    processes where it takes longer; ``processes``, ``threads`` or ``dask``.
    """

    kind: str
    count: int = 1
    address: str = ""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workers_for(given: int | str | None) -> Workers:
    """Return the workers that were asked for.

    Parameters
    ----------
    given
        A number: this process, in so many threads where the work runs beside them, and so
        many other processes where what is left would take it long;
        ``"processes:N"``: so many others from the beginning; ``"threads:N"``;
        ``"dask:ADDRESS"``; None: as many as there are cores.

    Raises
    ------
    InputError
        When it is none of these.

    Examples
    --------
    >>> workers_for(2)
    Workers(kind='cores', count=2, address='')
    >>> workers_for("dask:tcp://127.0.0.1:8786").address
    'tcp://127.0.0.1:8786'
    """
    text = str(cores() if given is None else given).strip()
    if text.startswith("dask:") and text.removeprefix("dask:").strip():
        return Workers("dask", 1, text.removeprefix("dask:").strip())
    found = re.fullmatch(r"(?:(threads|processes):)?([0-9]{1,9})", text)
    if found is None or not 1 <= int(found[2]) <= MOST:
        raise InputError(
            "workers: got '{text}'; must be a whole number from 1 to {most}, threads:N, "
            "processes:N or dask:ADDRESS",
            text=one_line(text),
            most=MOST,
        )
    count = int(found[2])
    return Workers((found[1] or "cores") if count > 1 else "alone", count)


def in_order(
    task: Task[T], numbers: Iterator[int], workers: Workers, many: int | None = None
) -> Generator[T, None, None]:
    """Yield what the task makes of each number, in their order.

    Parameters
    ----------
    task
        A pure function; for processes and clusters it must be one that can be pickled. It
        may say that it runs ``beside`` other threads.
    numbers
        Used up a bounded number ahead of what was yielded.
    workers
        Who calls it.
    many
        How many numbers there are at most, where that is known.

    Raises
    ------
    InputError
        When a cluster cannot be reached, or its extra is not installed.
    """
    if workers.kind == "alone":
        return (task(number) for number in numbers)
    if workers.kind == "cores":
        return _at_first_here(task, numbers, workers.count, many)
    if workers.kind == "threads":
        return _by_threads(task, numbers, workers.count)
    if workers.kind == "processes":
        return _by_processes(task, numbers, workers.count)
    if workers.kind == "dask":
        return _by_cluster(task, numbers, workers.address)
    raise ValueError(f"no such kind of workers: {workers.kind}")


def _at_first_here(
    task: Task[T], numbers: Iterator[int], count: int, many: int | None
) -> Generator[T, None, None]:
    """Call for help when it has taken long and is about to take as long again."""
    begun = time.monotonic()
    beside = bool(getattr(task, "beside", False))

    def at_first() -> Iterator[int]:
        for given, number in enumerate(numbers, start=1):
            yield number
            spent = time.monotonic() - begun
            left = None if many is None else spent / given * (many - given)
            if spent >= ALONE_SECONDS and (left is None or left >= ALONE_SECONDS):
                return

    if beside and count <= SHARED_BY_THREADS:
        yield from _by_threads(task, numbers, count)
    elif beside:
        yield from _by_threads(task, at_first(), count)
    else:
        yield from (task(number) for number in at_first())
    yield from _by_processes(task, numbers, count)


def _by_threads(task: Task[T], numbers: Iterator[int], count: int) -> Generator[T, None, None]:
    pool = ThreadPoolExecutor(count, thread_name_prefix="simcenter")
    begun: deque[Future[T]] = deque()
    try:
        for number in numbers:
            begun.append(pool.submit(task, number))
            if len(begun) >= AHEAD * count:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _by_processes(task: Task[T], numbers: Iterator[int], count: int) -> Generator[T, None, None]:
    first = next(numbers, None)
    if first is None:
        return
    numbers = itertools.chain([first], numbers)
    import joblib

    # Tallies are small: they are sent, not mapped through files.
    parallel = joblib.Parallel(count, backend="loky", max_nbytes=None, **_TAKING)
    yield from _taken(lambda: parallel, task, numbers, count)


def _by_cluster(task: Task[T], numbers: Iterator[int], address: str) -> Generator[T, None, None]:
    try:
        import joblib
        from distributed import Client
    except ImportError:
        raise InputError(
            "workers: a Dask cluster needs the extra 'cluster': install simcenter[cluster]"
        ) from None
    try:
        client: Any = Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as fault:
        reason = one_line(str(fault) or type(fault).__name__, 120)
        raise InputError(
            "workers: no Dask scheduler answers at '{address}' ({reason})",
            address=one_line(address),
            reason=reason,
        ) from None

    def parallel() -> Any:
        with joblib.parallel_config(backend="dask", client=client):
            return joblib.Parallel(-1, **_TAKING)

    with client:
        count = max(sum(client.ncores().values()), 1)
        try:
            with closing(_taken(parallel, task, numbers, count)) as made:
                yield from made
        except TimeoutError:
            raise InputError(
                "workers: the Dask cluster at {address} has no workers", address=address
            ) from None


_TAKING: dict[str, Any] = {"return_as": "generator", "batch_size": 1, "pre_dispatch": "2*n_jobs"}


def _taken(
    parallel: Callable[[], Any], task: Task[T], numbers: Iterator[int], count: int
) -> Generator[T, None, None]:
    """Yield results from joblib, which hands out the next number whenever a worker is free.

    It does so whether results are taken or not; so its supply ends when too many are not,
    and begins anew when those have been taken. The task goes along with each number: an
    argument would be kept on one worker of a cluster, and be lost together with it. What a
    process was at when it was killed is handed out again.
    """
    supply = _Supply(numbers, 4 * AHEAD * count)
    lost = 0
    while not supply.over:
        outputs = parallel()((task, (number,), {}) for number in supply.begin())
        try:
            for made in outputs:
                supply.take()
                lost = 0
                yield made
        except GeneratorExit:
            supply.over = True
            with suppress(BrokenExecutor):
                for _ in outputs:  # the few that are begun; to break off would cost the workers
                    pass
            raise
        except BrokenExecutor:
            lost += 1
            if lost > AGAIN:
                raise InputError(
                    "workers: processes were killed {times} times in a row, as happens where "
                    "memory runs out; ask for fewer of them, or --workers 1",
                    times=lost,
                ) from None
            supply.again()


class _Supply:
    """Numbers to hand out, until too many of them were not taken."""

    def __init__(self, numbers: Iterator[int], most: int) -> None:
        self.numbers = numbers
        self.most = most
        self.given: deque[int] = deque()
        self.over = False
        self.begun = 0
        self.lock = threading.Lock()

    def begin(self) -> Iterator[int]:
        """Yield numbers; joblib asks from any of its threads."""
        self.begun += 1
        begun = self.begun
        while (number := self._next(begun)) is not None:
            yield number

    def take(self) -> None:
        """Note that the result of the first number that was given is there."""
        self.given.popleft()

    def again(self) -> None:
        """Give once more what was given and not taken; whoever still asks gets no more."""
        with self.lock:
            self.begun += 1
            self.numbers = itertools.chain(self.given, self.numbers)
            self.given = deque()
            self.over = False

    def _next(self, begun: int) -> int | None:
        with self.lock:
            if begun != self.begun or self.over or len(self.given) >= self.most:
                return None
            number = next(self.numbers, None)
            if number is None:
                self.over = True
            else:
                self.given.append(number)
            return number
