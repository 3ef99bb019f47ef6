"""What suites on real files share: one tool on one file, as the terminal runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.intake import open_for_terminal
from bot.wiring import OWNER, Wiring
from tools.kit import Evidence, discover
from tools.kit.toolbox import TurnToolbox


async def use(wiring: Wiring, name: str, file: Path, **arguments: Any) -> Evidence:
    """Run the tool on the first page of a file.

    Raises: AskAgain, CannotDo as decoding and the tool do.
    """
    refs, fetch = await open_for_terminal(wiring, [file])
    toolbox = TurnToolbox(discover(), wiring.lend_within(OWNER), refs, fetch=fetch, deadline=300)
    return await toolbox.use(name, {"image": refs[0].handle, **arguments})
