"""Rules of the layout that import-linter cannot say."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

import pytest

import tools
from bot.settings import Settings
from tools.kit import discover

ROOT = Path(__file__).parents[2]
GIVES = (ast.Assign, ast.AnnAssign)
TOOL_FILES = sorted(Path(tools.__path__[0]).glob("[!_]*.py"))


def imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("file", TOOL_FILES, ids=lambda file: file.stem)
def test_a_tool_file_imports_only_the_kit(file: Path) -> None:
    ours = {name for name in imported(file) if name.split(".")[0] in {"bot", "graphs", "tools"}}
    assert {name for name in ours if not name.startswith("tools.kit")} == set()


@pytest.mark.parametrize("file", TOOL_FILES, ids=lambda file: file.stem)
def test_a_tool_file_knows_no_vendor(file: Path) -> None:
    others = {name.split(".")[0] for name in imported(file)} - {"tools"} - sys.stdlib_module_names
    assert others <= {"numpy", "PIL", "pydantic"}


@pytest.mark.parametrize("file", TOOL_FILES, ids=lambda file: file.stem)
def test_a_tool_file_is_one_tool_of_that_name(file: Path) -> None:
    assert file.stem in discover()


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        str(file.relative_to(ROOT))
        for folder in ("bot", "graphs", "tools")
        for file in (ROOT / folder).rglob("*.py")
        if "os.environ" in file.read_text("utf-8") or "getenv" in file.read_text("utf-8")
    ]
    assert readers == ["bot/settings/environment.py"]


def test_no_constant_is_overwritten_by_another_of_its_name() -> None:
    twice = [
        f"{file.relative_to(ROOT)}: {name}"
        for folder in ("bot", "graphs", "tools", "tests")
        for file in (ROOT / folder).rglob("*.py")
        for name, number in Counter(constants(file)).items()
        if number > 1
    ]
    assert twice == []


def constants(file: Path) -> list[str]:
    """Names that a module gives a value on the top level, each as often as it does."""
    said = ast.parse(file.read_text("utf-8")).body
    given = [
        node.targets if isinstance(node, ast.Assign) else [node.target] for node in said if isinstance(node, GIVES)
    ]
    return [target.id for targets in given for target in targets if isinstance(target, ast.Name)]


def test_the_example_environment_is_the_settings_class() -> None:
    from bot.settings import example

    assert (ROOT / "deploy" / ".env.example").read_text("utf-8") == example(Settings)
