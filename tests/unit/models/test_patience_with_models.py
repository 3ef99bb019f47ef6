"""How long a provider is waited for, how often it is asked again, and when it is left alone."""

from __future__ import annotations

import pytest

from tools.backends.chat.breaker import Breaker, breaker_of
from tools.backends.chat.patience import AFTER, Patience
from tools.kit.models import ProviderFailure
from tools.kit.models.failures import PASSING, Kind


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def failed(kind: Kind = "broken", after: float | None = None) -> ProviderFailure:
    return ProviderFailure("It failed.", kind, after=after)


def longest(_: float, most: float) -> float:
    return most


# --- retries --------------------------------------------------------------------------------------


def test_waits_grow_and_are_drawn_from_the_whole_range() -> None:
    patience = Patience(retries=9)
    waits = [patience.wait(n, failed(), left=60, draw=longest) for n in range(6)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    drawn = [patience.wait(3, failed(), left=60) for _ in range(50)]
    assert all(wait is not None and 0 <= wait <= 4 for wait in drawn)
    assert len(set(drawn)) > 40


@pytest.mark.parametrize("kind", ["key", "model", "request", "refused", "invalid", "resting", "budget", "cut_off"])
def test_what_will_not_pass_is_not_tried_again(kind: Kind) -> None:
    assert Patience(retries=5).wait(0, failed(kind), left=60) is None


@pytest.mark.parametrize("kind", sorted(PASSING - {"timeout"}))
def test_what_may_pass_is_tried_again_as_often_as_is_set(kind: Kind) -> None:
    patience = Patience(retries=2)
    assert [patience.wait(n, failed(kind), left=60) is not None for n in range(3)] == [True, True, False]


def test_a_provider_that_says_nothing_is_asked_once_more() -> None:
    patience = Patience(retries=5)
    assert [patience.wait(n, failed("timeout"), left=60) is not None for n in range(3)] == [True, False, False]
    assert Patience(retries=0).wait(0, failed("timeout"), left=60) is None


def test_a_provider_is_not_asked_before_it_wants_to_be() -> None:
    assert Patience().wait(0, failed("limited", after=7), left=60, draw=lambda low, high: 0.1) == 7


@pytest.mark.parametrize(("after", "left"), [(7, 6), (AFTER + 1, 600)])
def test_a_wait_beyond_the_deadline_or_our_patience_is_none(after: float, left: float) -> None:
    assert Patience().wait(0, failed("limited", after=after), left=left) is None


# --- the breaker ----------------------------------------------------------------------------------


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(failures=3, seconds=30, clock=clock)
    for _ in range(3):
        assert breaker.enter() == 0
        breaker.failed()
    return breaker


def test_failures_in_a_row_open_it_and_an_answer_between_them_does_not() -> None:
    breaker = Breaker(failures=3, seconds=30, clock=Clock())
    for _ in range(4):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    assert breaker.enter() == 0
    assert not breaker.resting


def test_while_it_is_open_nothing_is_called_and_the_rest_is_told() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 12
    assert breaker.resting
    assert breaker.enter() == 18


def test_after_its_rest_one_call_may_try() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 31
    assert breaker.enter() == 0
    assert breaker.enter() > 0
    breaker.succeeded()
    assert [breaker.enter(), breaker.enter()] == [0, 0]


def test_a_trial_that_fails_opens_it_again_at_once() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 31
    assert breaker.enter() == 0
    breaker.failed()
    assert breaker.enter() == 30


def test_a_trial_that_says_nothing_leaves_the_next_one_to_try() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 31
    assert breaker.enter() == 0
    breaker.left()
    assert breaker.enter() == 0


def test_models_of_one_provider_at_one_address_rest_together() -> None:
    how = {"failures": 3, "seconds": 30.0}
    one = breaker_of("anthropic", "https://one.invalid", **how)  # type: ignore[arg-type]
    assert breaker_of("anthropic", "https://one.invalid", **how) is one  # type: ignore[arg-type]
    assert breaker_of("anthropic", "https://other.invalid", **how) is not one  # type: ignore[arg-type]
