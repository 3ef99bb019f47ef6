"""What a person types, line by line: edited and remembered at a terminal, read as it comes from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from io import TextIOWrapper

from bot.edge import plain
from bot.terminal.history import History
from bot.terminal.lines import raw_lines

PROMPT = "> "


def typed(history: History, prompt: Callable[[str], None]) -> Iterator[str]:
    """Lines until Ctrl-D. Blocks in the main thread. Ctrl-C drops a line half typed.

    prompt: shows the prompt where there is no terminal to do it.

    Raises: KeyboardInterrupt for Ctrl-C at an empty line.
    """
    lines = _edited(history) if sys.stdin.isatty() else _piped(prompt)
    return (plain(line).strip() for line in lines)


def _piped(prompt: Callable[[str], None]) -> Iterator[str]:
    prompt(PROMPT)
    for line in raw_lines(0):
        yield line.decode("utf-8", errors="replace")
        prompt(PROMPT)


def _edited(history: History) -> Iterator[str]:
    import readline

    readline.set_auto_history(False)
    for line in history.lines():
        readline.add_history(line)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while True:
        try:
            line = input(PROMPT)
        except EOFError:
            return
        except KeyboardInterrupt:
            if not readline.get_line_buffer():
                raise
            print()
            continue
        if history.add(line):
            readline.add_history(line)
        yield line
