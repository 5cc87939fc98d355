"""Two threads wait for the same result."""

from __future__ import annotations

import threading
from concurrent import futures


def waiters() -> None:
    """Whoever waits for a future is woken when it has a result."""
    future: futures.Future[int] = futures.Future()
    logger = threading.Thread(target=futures.wait, args=([future],), name="logger")
    worker = threading.Thread(target=future.set_result, args=(7,), name="worker")
    logger.start()
    worker.start()
    futures.wait([future])
    logger.join()
    worker.join()
