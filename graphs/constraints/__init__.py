"""What an answer, and everything else that is shown, must keep to.

One file here is one rule, by its presence: adding a rule is adding its file and its test. A rule's file has

- ``judge(text, *, settings, evidence, context) -> Verdict``: the rule. `Verdict.where` are (start, end) spans in
  `text`, if the rule can point at what breaks it; `Verdict.broken` tells whoever wrote the text how to mend it;
- ``Settings``, a pydantic model whose defaults hold when nothing is set, if the rule can be set;
- ``INSTEAD``, words that may stand in place of what breaks the rule, if some can;
- ``EARLY = True``, if no further text can mend what breaks it, so that a model may be stopped while it writes.

`context` says what the text is and what it may draw on: ``surface`` ("answer", "title", "name", "caption", "error", or
"text" for anything else), ``question`` (what the people in the thread wrote), ``images`` (the thread's list of
`ImageRef`), ``schema`` (a JSON schema the answer must fit). A rule chooses what it applies to.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from graphs.constraints.kit.gate import Rule, RuleGate, check_text, redact
from graphs.constraints.kit.rules_file import read_sheet, settings_from

__all__ = ["RuleGate", "check_text", "discover", "open_gate", "redact"]


class NoSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def discover(folders: Sequence[str] | None = None) -> dict[str, Rule]:
    """Every rule by name, with its default settings. `folders`: where to look, this package by default."""
    found: dict[str, Rule] = {}
    for module in sorted(pkgutil.iter_modules(folders or __path__), key=lambda module: module.name):
        if module.ispkg:
            continue
        file = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(file, "judge"):
            model: type[BaseModel] = getattr(file, "Settings", NoSettings)
            instead, early = getattr(file, "INSTEAD", None), getattr(file, "EARLY", False)
            found[module.name] = Rule(module.name, file.judge, model(), instead, early)
    return found


def open_gate(path: Path | None) -> RuleGate:
    """The gate with the settings of a YAML file; with none, every rule by default.

    Raises: AskAgain when there is no such file, it is not YAML, or it sets what cannot be set.
    """
    rules = discover()
    if path is None:
        return RuleGate(list(rules.values()))
    settings = settings_from(read_sheet(path), {name: type(rule.settings) for name, rule in rules.items()})
    return RuleGate([rules[name].with_settings(settings[name]) for name in settings])
