"""What is said of a question that was put in a form."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.slack.replying.intro import intro
from graphs.constraints import open_gate
from tools.kit import Gate


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    rules = tmp_path / "rules.yaml"
    rules.write_text("banned_brands:\n  brands:\n    - name: Acme\n", "utf-8")
    return open_gate(rules)


@pytest.mark.parametrize(
    ("names", "asks"),
    [
        ([], "asks:"),
        (["cat.png"], "asks about cat.png:"),
        (["cat.png", "dog.png", "owl.png"], "asks about cat.png and 2 more:"),
        (["a\n<!channel>\n.png"], "asks about a <!channel> .png:"),
    ],
)
def test_it_says_who_asks_what_of_which_files(gate: Gate, names: list[str], asks: str) -> None:
    reply = intro("U1", "What is this?", names, gate)
    line, quote = reply.blocks[0]["elements"]
    assert line["elements"][0] == {"type": "user", "user_id": "U1"}
    assert line["elements"][1]["text"].strip() == asks
    assert quote["elements"] == [{"type": "text", "text": "What is this?"}]
    assert reply.text.startswith("<@U1> asks")
    assert "<!channel>" not in reply.text


def test_it_passes_the_gate(gate: Gate) -> None:
    reply = intro("U1", "Is this by Acme?", ["acme.png"], gate)
    assert "acme" not in f"{reply}".lower()
