"""The tasks of vision models, a module each: prompt, size of images, what comes back, the words that ask for it.

A module is a task by its `TASK`; `WORDS` in it are what in a question asks for the task.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache

from tools.kit.seeing.task import GENERAL, Task

ORDER = (
    "translation",
    "mathematics",
    "formulas",
    "handwriting",
    "memes",
    "charts",
    "diagrams",
    "damage",
    "comparison",
    "caption",
    "counting",
    "text",
    "relations",
    "colours",
    "documents",
    "scene",
    "objects",
)
"""Which words are heard first: "translate the handwriting" is a translation, "how many bars has the chart" a chart."""


@cache
def tasks() -> dict[str, Task]:
    """Every task by name, the general one among them."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {GENERAL.name: GENERAL, **{module.TASK.name: module.TASK for module in modules}}


@cache
def words() -> dict[str, re.Pattern[str]]:
    """What in a question asks for each task, in the order in which they are heard."""
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in ORDER}
    return {name: re.compile(module.WORDS, re.IGNORECASE) for name, module in modules.items()}
