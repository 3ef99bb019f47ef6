"""What several files of unit tests begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.planner.planner_thread import MiniLmHere, Thread


@pytest.fixture(scope="module")
def encoder(text_models: Path) -> MiniLmHere:
    """The local planner's."""
    from tests.unit.planner.planner_thread import MiniLmHere

    return MiniLmHere(text_models)


@pytest.fixture
def thread(encoder: MiniLmHere) -> Thread:
    """One with the local planner, in which nothing was said."""
    from tests.unit.planner.planner_thread import Thread

    return Thread(encoder)
