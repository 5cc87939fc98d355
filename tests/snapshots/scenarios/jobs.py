"""Two workers and a list of jobs."""

from __future__ import annotations

from threading import Event, Lock, Thread


class Jobs:
    """Wrong: a worker that saw a job believes that it will be there for it."""

    def __init__(self, *names: str) -> None:
        self.lock = Lock()
        self.names = list(names)

    def any(self) -> bool:
        with self.lock:
            return bool(self.names)

    def take(self) -> str:
        with self.lock:
            return self.names.pop()

    def work(self) -> None:
        while self.any():
            self.take()


def two_workers() -> None:
    """The mistake is an exception in a thread."""
    jobs = Jobs("sweep")
    workers = [Thread(target=jobs.work, name=f"worker {number}") for number in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def patience() -> None:
    """Main waits for a second, and takes it for certain that this is enough."""
    ready = Event()
    slow = Thread(target=ready.set, name="slow")
    slow.start()
    assert ready.wait(timeout=1.0), "not ready after a second"
    slow.join()


def five_takers() -> None:
    """Five tasks in one story."""
    jobs = Jobs("a", "b", "c", "d")
    takers = [Thread(target=jobs.take, name=f"taker {number}") for number in range(1, 6)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
