"""What a vision model must be able to do: drawn pictures with known truth, a module a capability."""

from __future__ import annotations

import importlib
import pkgutil

from bot.evals.capabilities.case import Case


def cases() -> list[Case]:
    """Of every capability: whatever module here has `cases`."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return [case for module in modules if hasattr(module, "cases") for case in module.cases()]


__all__ = ["Case", "cases"]
