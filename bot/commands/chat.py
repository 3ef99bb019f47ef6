"""`spyglass chat [IMAGES]`: a conversation in the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any

import click

from bot.commands._running import existing
from bot.edge import plain, shown, tell
from bot.settings import Settings, read_settings
from tools.kit.errors import Spoken

if TYPE_CHECKING:
    from bot.terminal.beside import Beside
    from bot.terminal.chat_lines import Line
    from bot.turns.intake import Posted
    from bot.turns.running import Turns
    from bot.wiring import Wiring
    from graphs.state import Step

log = logging.getLogger(__name__)

OURS = "Something broke here that is ours, not yours; it has been logged. Try again, or ask something else."
FORGOTTEN = "Stopped. That message is forgotten, with what was posted in it; Ctrl-C again ends the chat."


@click.command("chat")
@click.argument("images", nargs=-1)
@click.option("--thread", help="Go on with this thread, or start it under this name.")
def command(images: tuple[str, ...], thread: str | None) -> None:
    """Talk about IMAGES: each line is a message, the thread is remembered."""
    from bot.terminal.beside import Beside, ended_like_ctrl_c
    from bot.turns.intake import Posted
    from bot.turns.running import Turns

    posted = [Posted(file.name, file) for file in map(existing, images)]
    with ended_like_ctrl_c(), Beside() as beside, _wired(beside) as wiring:
        Chat(beside, wiring, Turns(wiring), plain(thread or "") or uuid.uuid4().hex[:12]).hold(posted)


@contextlib.contextmanager
def _wired(beside: Beside) -> Iterator[Wiring]:
    from bot.wiring import Wiring

    wiring = Wiring(read_settings(), say=tell)
    beside.finish(wiring.__aenter__())
    try:
        yield wiring
    finally:
        with contextlib.suppress(asyncio.CancelledError):  # Ctrl-C once more: what is left ends with the process
            beside.finish(wiring.__aexit__(None, None, None))


class Chat:
    """One conversation: this thread waits for the person, the one beside it answers."""

    def __init__(self, beside: Beside, wiring: Wiring, turns: Turns, thread: str) -> None:
        from bot.terminal.showing import console
        from bot.wiring import OWNER
        from graphs.memory import thread_key

        self._beside = beside
        self._wiring = wiring
        self._turns = turns
        self._thread = thread
        self._key = thread_key(OWNER.workspace, "terminal", thread)
        self._out = console()

    def hold(self, posted: list[Posted]) -> None:
        """Talk until the person leaves. `posted` goes with the first message."""
        from bot.terminal.chat_lines import command_of, read_line

        self._say(f"Thread {self._thread}. /help for help, /quit to leave.")
        self._done(self._show(posted))
        for line in self._lines():
            command, said = command_of(line), read_line(line)
            if command == "/quit":
                return
            if command:
                self._done(self._obey(command))
            elif (said.question or said.files) and self._done(self._check(said)):
                self._done(self._answer(said, posted))
                posted = []
        self._out.print()

    def _lines(self) -> Iterator[str]:
        from bot.terminal.history import History
        from bot.terminal.typed import typed

        settings = self._wiring.settings
        return typed(History(settings.home / "chat_history", _secrets(settings)), self._prompt)

    def _done(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether the work was done; when not, why is said."""
        try:
            self._beside.finish(work)
        except asyncio.CancelledError:
            self._say(FORGOTTEN, "yellow")
        except Spoken as error:
            self._say(str(error), "yellow")
        except Exception:  # one message failed; the conversation has not
            log.exception("A message of the chat failed.")
            self._say(OURS, "yellow")
        else:
            return True
        return False

    async def _obey(self, command: str) -> None:
        from bot.terminal.chat_lines import HELP, unknown

        if command == "/help":
            self._say(HELP)
        elif command == "/images":
            await self._images()
        else:
            raise unknown(command)

    async def _images(self) -> None:
        refs = await self._turns.images(self._key)
        for ref in refs:
            self._say(f"{ref.handle}: {ref.name}, {ref.mime}, {ref.width} x {ref.height}")
        if not refs:
            self._say("No images in this thread yet.")

    async def _check(self, said: Line) -> None:
        if said.missing:
            said.check([ref.name for ref in await self._turns.images(self._key)])

    async def _answer(self, said: Line, posted: list[Posted]) -> None:
        from bot.terminal.showing import show_answer
        from bot.wiring import OWNER

        await self._show(said.files)
        with self._steps() as step:
            answer = await self._turns.ask(
                said.question, [*posted, *said.files], thread=self._key, scope=OWNER, step=step
            )
        show_answer(answer, self._out)

    @contextlib.contextmanager
    def _steps(self) -> Iterator[Callable[[Step], Awaitable[None]]]:
        """A spinner that says what is being done, and a line for what is done."""
        from rich.text import Text

        from bot.terminal.showing import show_step

        with self._out.status("looking ...") as status:

            async def step(now: Step) -> None:
                running = now.state == "running"
                status.update(Text(shown(f"{now.title} ..."))) if running else show_step(self._out, now)

            yield step

    async def _show(self, files: list[Posted]) -> None:
        """Show what was posted. What does not open is said in the answer, so it is passed over here."""
        from bot.terminal.showing import show_thumbnail
        from bot.wiring import OWNER
        from tools.kit import Decoder

        for file in files:
            with contextlib.suppress(Spoken):
                decoder = await self._wiring.lend(Decoder)
                pages = await decoder.open(file.original, name=file.name, workspace=OWNER.workspace)
                show_thumbnail(self._out, pages[0].path)

    def _say(self, text: str, style: str = "dim") -> None:
        from bot.terminal.showing import say

        say(self._out, text, style)

    def _prompt(self, prompt: str) -> None:
        from bot.terminal.showing import say

        say(self._out, prompt, "bold", end="")


def _secrets(settings: Settings) -> list[str]:
    """What must not be written down, whoever types it."""
    from pydantic import SecretStr

    return [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
