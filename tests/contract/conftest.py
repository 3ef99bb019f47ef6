"""Archives for the contract tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.archive_kit import ENGINES, Make, engine
from tests.stand_in_qdrant import Wire


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire() as server:
        yield server
        assert server.wrong == []


@pytest.fixture(params=ENGINES)
async def archives(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Make]:
    """Every engine, by what makes its archives."""
    async with engine(request.param, tmp_path, lambda: request.getfixturevalue("wire")) as make:
        yield make


@pytest.fixture
def archive(archives: Make) -> Any:
    return archives("space-a")
