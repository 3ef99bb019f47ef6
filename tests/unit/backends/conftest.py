"""Workers that the tests of one file share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tools.backends.workers import PebbleWorkers


@pytest.fixture(scope="module")
def workers() -> Iterator[PebbleWorkers]:
    workers = PebbleWorkers()
    yield workers
    asyncio.run(workers.close())
