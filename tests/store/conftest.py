"""What tests of the store share; models are imported in tests alone: Django is not ready when this is read."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection


@pytest.fixture
def together() -> Callable[[Callable[[int], None], int], None]:
    """Runs the same in several threads at once, each with a connection of its own."""

    def run(work: Callable[[int], None], threads: int) -> None:
        start = threading.Barrier(threads)

        def one(number: int) -> None:
            start.wait()
            try:
                work(number)
            finally:
                connection.close()

        running = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()

    return run
