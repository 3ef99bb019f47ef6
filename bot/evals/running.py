"""What suites on real files share: one tool on files, as the terminal runs it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.turns.intake import open_for_terminal
from bot.wiring import OWNER, Wiring
from tools.kit import Evidence, discover
from tools.kit.toolbox import TurnToolbox

DEADLINE = 300.0


async def use(wiring: Wiring, name: str, file: Path, **arguments: Any) -> Evidence:
    """Run the tool on the first page of a file.

    Raises: AskAgain, CannotDo as decoding and the tool do.
    """
    refs, fetch = await open_for_terminal(wiring, [file])
    toolbox = TurnToolbox(discover(), wiring.lend_within(OWNER), refs, fetch=fetch, deadline=DEADLINE)
    return await toolbox.use(name, {"image": refs[0].handle, **arguments})


async def used(wiring: Wiring, name: str, files: Sequence[Path], **arguments: Any) -> Evidence:
    """Run a tool that takes several images, on every page of these files. Raises: as `use`."""
    refs, fetch = await open_for_terminal(wiring, list(files))
    toolbox = TurnToolbox(discover(), wiring.lend_within(OWNER), refs, fetch=fetch, deadline=DEADLINE)
    return await toolbox.use(name, {"images": [ref.handle for ref in refs], **arguments})
