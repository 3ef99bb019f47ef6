"""What is logged, and what never is."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs import HIDDEN, log_lines, log_to, note, turn

TOKENS = [
    "xoxb-1-2-abcDEF",
    "xoxp-9-abc",
    "xapp-1-A1-2-abcdef",
    "xoxe.xoxb-1-Mi0yLT",
    "xoxe-1-My0xLT",
    f"v0={'a1' * 32}",
]
log = logging.getLogger("bot.slack.trying")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, raising = logging.getLogger(), logging.raiseExceptions
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], logging.raiseExceptions = handlers, raising
    root.setLevel(level)
    logging.getLogger("bot").setLevel(logging.NOTSET)
    logging.captureWarnings(False)


@pytest.fixture
def lines() -> io.StringIO:
    stream = io.StringIO()
    log_lines(stream, secrets=["8f742231b10e8888abcd99yyyzzz85a5"])
    return stream


@pytest.mark.parametrize("token", TOKENS)
def test_tokens_and_signatures_are_never_logged(lines: io.StringIO, token: str) -> None:
    note(log, "asked", url=f"https://x.invalid/?token={token}", header=f"Authorization: Bearer {token}")
    try:
        raise ValueError(f"refused\n{token} {token}")
    except ValueError:
        log.exception("failed with\n%s", token)
    assert token not in lines.getvalue()
    assert lines.getvalue().count(HIDDEN) == 5
    assert all(json.loads(line) for line in lines.getvalue().splitlines())


def test_a_secret_without_a_shape_is_known_by_its_value(lines: io.StringIO) -> None:
    log.warning("signed with 8f742231b10e8888abcd99yyyzzz85a5")
    assert json.loads(lines.getvalue())["event"] == f"signed with {HIDDEN}"


def test_what_happens_in_a_turn_carries_its_id(lines: io.StringIO) -> None:
    with turn("run-1"):
        note(log, "answered", seconds=1.5)
    note(log, "left")
    first, second = map(json.loads, lines.getvalue().splitlines())
    assert (first["turn"], first["event"], first["seconds"]) == ("run-1", "answered", 1.5)
    assert "turn" not in second


def test_libraries_are_heard_only_when_they_warn(lines: io.StringIO) -> None:
    logging.getLogger("slack_sdk").info("chatter")
    logging.getLogger("slack_sdk").warning("trouble")
    assert [json.loads(line)["event"] for line in lines.getvalue().splitlines()] == ["trouble"]


def test_the_log_file_holds_no_tokens_either(tmp_path: Path) -> None:
    file = log_to(tmp_path)
    log.warning("refused %s", TOKENS[0])
    file.close()
    assert TOKENS[0] not in Path(file.path).read_text("utf-8")


@pytest.mark.parametrize("name", ["anthropic", "openai"])
def test_requests_of_an_sdk_that_is_told_to_log_them_are_not_kept(
    lines: io.StringIO, tmp_path: Path, name: str
) -> None:
    """As ANTHROPIC_LOG=debug and OPENAI_LOG=debug tell it."""
    sdk = logging.getLogger(f"{name}._base_client")
    sdk.setLevel(logging.DEBUG)
    sdk.debug("Request options: %s", {"json_data": "what somebody asked"})
    file = log_to(tmp_path)
    sdk.debug("Request options: %s", {"json_data": "what somebody asked"})
    sdk.warning("told")
    file.close()
    sdk.setLevel(logging.NOTSET)
    assert lines.getvalue() == ""
    assert "told" in (logged := Path(file.path).read_text("utf-8"))
    assert "asked" not in logged
