"""Two threads call one function that is tried again when it fails."""

from __future__ import annotations

import threading

import tenacity  # type: ignore[import-not-found] # fetched by the test


@tenacity.retry(stop=tenacity.stop_after_attempt(2))
def fetch(tries: list[None]) -> None:
    """Fails once."""
    tries.append(None)
    if len(tries) < 2:
        raise ConnectionError


def retries() -> None:
    """Each call is tried twice, whatever other calls do."""
    threads = [threading.Thread(target=fetch, args=([],), name=name) for name in ("reader", "writer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
