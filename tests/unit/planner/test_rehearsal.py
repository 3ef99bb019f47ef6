"""What is rehearsed before anybody asks."""

from __future__ import annotations

import importlib
from datetime import datetime

from graphs.clock import Clock
from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.typed import typed
from graphs.local_planner.language.patterns import compiled
from graphs.local_planner.rehearsal import rehearse


def test_no_pattern_is_compiled_for_a_request_after_the_rehearsal() -> None:
    rehearse()
    before = compiled.cache_info().misses
    people = importlib.import_module("graphs.local_planner.filtering.abroad.people")
    names = people._from.cache_info().misses
    typed("fotos von Lena")
    assert people._from.cache_info().misses == names
    narrow("two sunsets from Anna since May, no screenshots, at least 1920 px wide", Clock(datetime(2026, 11, 24)))
    assert before
    assert compiled.cache_info().misses == before
