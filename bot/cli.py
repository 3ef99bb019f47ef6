"""`spyglass`: one command a file in `bot/commands/`, loaded only when it is called, so that starting stays quick."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import tempfile
import traceback
from typing import Any

import click

from tools.kit.errors import AskAgain, CannotDo, Spoken


class Commands(click.Group):
    """Finds commands by file name: `bot/commands/ask.py` with a click command named `command` is `spyglass ask`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        import bot.commands

        return sorted(
            module.name for module in pkgutil.iter_modules(bot.commands.__path__) if not module.name.startswith("_")
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"bot.commands.{cmd_name}").command
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
    try:
        code = spyglass.main(args=arguments, prog_name="spyglass", standalone_mode=False)
    except click.exceptions.Abort:
        code = _stop("Stopped.", 130)
    except click.ClickException as error:
        error.show()
        code = 2
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
        code = _stop(_ours(error), 1)
    sys.exit(code if isinstance(code, int) else 0)


def _ours(error: Exception) -> str:
    """A bug: the trace goes to a file, the person gets one honest sentence."""
    trace = "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile("w", prefix="spyglass-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(trace)
    return f"Something broke that is ours, not yours ({type(error).__name__}); the details are in {log.name}."


def _stop(sentence: str, code: int) -> int:
    click.echo(_clean(sentence), err=True)
    return code


def _clean(sentence: str) -> str:
    """Error sentences pass the gate like everything that is shown, unless it is the rules that are wrong."""
    from bot.settings import read_settings

    try:
        rules = read_settings().rules
        if rules is None:
            return sentence
        from graphs.constraints import open_gate

        return open_gate(rules).clean(sentence)
    except Spoken:
        return sentence


if __name__ == "__main__":
    main()
