"""`spyglass`: one command a file in `bot/commands/`, loaded only when it is called, so that starting stays quick."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import pkgutil
import sys
from pathlib import Path
from typing import Any

import click

from bot.edge import tell
from bot.logs import log_to
from bot.settings import keep_algebra_on_one_thread, read_settings
from tools.kit.errors import AskAgain, CannotDo, Spoken

log = logging.getLogger(__name__)

COLLECTED = 50_000
"""New objects after which garbage is looked for. With Python's 700 a command spends a tenth of its time looking among
what it has just imported."""


class Commands(click.Group):
    """Finds commands by file name: `bot/commands/ask.py` with a click command named `command` is `spyglass ask`, and
    `alt_text.py` is `spyglass alt-text`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        import bot.commands

        names = [module.name for module in pkgutil.iter_modules(bot.commands.__path__)]
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"bot.commands.{cmd_name.replace('-', '_')}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="spyglass", prog_name="spyglass")
def spyglass() -> None:
    """Ask about images: classify, read, extract, compare, describe, search.

    Exit codes: 0 done; 1 something broke on this machine, or `check` found a broken rule; 2 the input must be changed;
    3 this cannot be done as things are set up; 130 stopped.
    """


def main(arguments: list[str] | None = None) -> Any:
    """Entry point: turns every error into one sentence and an exit code."""
    keep_algebra_on_one_thread()
    gc.set_threshold(COLLECTED)
    traces = log_to(_log_folder())
    try:
        code = spyglass.main(args=arguments, prog_name="spyglass", standalone_mode=False)
    except click.exceptions.Abort as error:
        code = _stop(str(error) or "Stopped.", 130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = 2
    except click.ClickException as error:
        code = _stop(_misused(error), 2)
    except AskAgain as error:
        code = _stop(str(error), 2)
    except CannotDo as error:
        code = _stop(str(error), 3)
    except Spoken as error:
        code = _stop(str(error), 1)
    except KeyboardInterrupt:
        code = _stop("Stopped.", 130)
    except BrokenPipeError:
        # whoever read our output has seen enough (| head): keep Python from complaining at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        code = _stop(f"This machine said no: {error.strerror or error}{where}.", 1)
    except Exception as error:
        log.exception("The command ended by a bug.")
        code = _stop(
            f"Something broke that is ours, not yours ({type(error).__name__}); the details are in {traces.path}.", 1
        )
    sys.exit(code if isinstance(code, int) else 0)


def _log_folder() -> Path:
    try:
        return read_settings().home / "log"
    except Spoken:  # the command will say so itself
        return Path(os.devnull)


def _misused(error: click.ClickException) -> str:
    """Click's sentence, and where to read on."""
    where = getattr(error, "ctx", None)
    return f"{error.format_message()} See {where.command_path} --help." if where else error.format_message()


def _stop(sentence: str, code: int) -> int:
    tell(sentence)
    return code


if __name__ == "__main__":
    main()
