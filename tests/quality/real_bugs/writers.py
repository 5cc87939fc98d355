"""Two threads write under a lock for readers and writers, and one of them also reads what it has written."""

from __future__ import annotations

import threading

from fasteners import ReaderWriterLock  # type: ignore[import-not-found] # fetched by the test


def writers() -> None:
    """Who holds the lock as a writer may also take it as a reader."""
    lock = ReaderWriterLock()
    written: list[str] = []

    def check() -> None:
        with lock.write_lock():
            written.append("checked")
            with lock.read_lock():
                assert written[-1] == "checked"

    def note() -> None:
        with lock.write_lock():
            written.append("noted")

    threads = [threading.Thread(target=check, name="checker"), threading.Thread(target=note, name="noter")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written) == ["checked", "noted"]
