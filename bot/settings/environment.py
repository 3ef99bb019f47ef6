"""The only reader of the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from pydantic import AliasChoices, ValidationError

from bot.settings.general import home_folder
from bot.settings.whole import Settings
from tools.kit.errors import AskAgain

SEEN = {"HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ"}
BOLTS = (
    "SLACK_BOT_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_SCOPES",
    "SLACK_USER_SCOPES",
    "SLACK_REDIRECT_URI",
)
SEEN_LIKE = ("LC_", "MKL_", "OMP_", "OPENBLAS_", "PYTHON")


@cache
def read_settings() -> Settings:
    """The settings of this process.

    Raises: AskAgain naming the variable that cannot be understood.
    """
    home = Path(os.environ.get("SPYGLASS_HOME") or home_folder())
    try:
        return Settings(_env_file=home / ".env", home=home)
    except ValidationError as error:
        part = error.errors()[0]
        name = str(part["loc"][0]).upper()
        variable = name if name.startswith("SPYGLASS_") else f"SPYGLASS_{name}"
        raise AskAgain(f"The setting {variable} cannot be used: {_why(part['msg'])}.") from None


def _why(message: str) -> str:
    ours = message.removeprefix("Value error, ")
    return ours if ours != message else message.lower()


FILE = (
    "# Copy to .env in SPYGLASS_HOME (`spyglass doctor` says where) and change what you need, or set it as variables."
)


@contextmanager
def bolts_variables_hidden() -> Iterator[None]:
    """Bolt has variables of its own that turn parts of it on; it is to do what our settings say. For blocks that do not
    await."""
    hidden = {name: os.environ.pop(name) for name in BOLTS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def worker_environment() -> dict[str, str]:
    """What worker processes may see of the environment: where things are and how they run, and never a key."""
    return {name: value for name, value in os.environ.items() if name in SEEN or name.startswith(SEEN_LIKE)}


def keep_algebra_on_one_thread() -> None:
    """For this process and its workers, before NumPy is loaded.

    OpenBLAS's threads spin for a while after every product of matrices, ready for the next: that is a core which the
    database and the workers wait for. What is large enough to gain by threads is done by ONNX Runtime, with its own.
    https://github.com/OpenMathLib/OpenBLAS#setting-the-number-of-threads-using-environment-variables
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def switch_langsmith(key: str | None) -> None:
    """LangChain sends every prompt to LangSmith when a variable says so. Here a setting says so: the first variable it
    looks at says yes with a key, else no, whatever the others say.
    """
    for variable in ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER"):  # of its first version: with them every call fails
        os.environ.pop(variable, None)
    os.environ["LANGSMITH_TRACING_V2"] = "true" if key else "false"
    if key:
        os.environ["LANGSMITH_API_KEY"] = key
        os.environ.setdefault("LANGSMITH_PROJECT", "spyglass")


def has_desktop() -> bool:
    """Whether a browser has a screen to open on."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def example(settings: type[Settings]) -> str:
    """`deploy/.env.example`: every setting with its default and what it is for."""
    lines = ["# Every setting of Spyglass with its default.", FILE, ""]
    for name, field in settings.model_fields.items():
        described = next(part for part in (field, *field.metadata) if getattr(part, "description", None))
        alias = field.validation_alias
        variable = str(alias.choices[-1]) if isinstance(alias, AliasChoices) else f"SPYGLASS_{name.upper()}"
        default = "" if field.default in (None, frozenset(), ()) or field.default_factory else str(field.default)
        lines += [f"# {described.description}", f"#{variable}={default}", ""]
    return "\n".join(lines)
