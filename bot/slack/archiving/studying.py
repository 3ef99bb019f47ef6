"""What the archive is to say of postings that are in it: what was changed, and what takes long to find out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.archive.enriching import enriching, whole
from bot.archive.shelving import Shelving
from bot.slack.archiving.describing import Describing
from bot.slack.archiving.filling import put_off
from bot.slack.archiving.leases import kept
from bot.slack.archiving.opening import Opening, image_of
from bot.slack.archiving.postings import Posting, State
from bot.slack.archiving.register import CRASHES, Register
from bot.slack.scopes import scope_of
from bot.slack.storage.preferences import Preferences
from bot.storage.database import DatabaseAway
from bot.wiring import Wiring
from tools.kit import Archive, Contents, Item, Scope, Spoken, TextEncoder, VisionModel

STUDIED = 8
"""How often it is tried to find out what an image says before it is left at what is known."""


class Studying:
    """Works for one workspace. Everything it needs is lent to it by the office."""

    def __init__(
        self,
        wiring: Wiring,
        register: Register,
        opening: Opening,
        describing: Describing,
        preferences: Preferences,
        give_way: Callable[[], Awaitable[None]],
    ) -> None:
        """give_way: called between two pages: people's questions come first."""
        self._wiring, self._register, self._opening = wiring, register, opening
        self._describing, self._preferences, self._give_way = describing, preferences, give_way

    async def rewrite(self, postings: Sequence[Posting]) -> None:
        """Messages, people, channels or files of one channel say something else by now, or are called otherwise."""
        async with kept(self._register, postings):
            try:
                await self._revised(postings, {}, done=False)
            except DatabaseAway:
                raise
            except Exception as error:
                for posting in postings:
                    await put_off(self._register, posting, error)

    async def enrich(self, posting: Posting) -> None:
        """Find out the text on it, its tags and a caption, page by page."""
        async with kept(self._register, [posting]):
            try:
                await self._enriched(posting)
            except DatabaseAway:
                raise
            except KeyError:
                await self._register.fetch_again(posting)
            except Exception as error:
                await put_off(self._register, posting, error)

    async def _enriched(self, posting: Posting) -> None:
        """Raises: KeyError when its original is lost."""
        if posting.begun > CRASHES:  # it takes the process with it: it is left at what is known
            await self._revised([posting], {}, done=True)
            return
        studied = await self._studied(posting, scope_of(posting.team, posting.channel))
        again = not all(whole(contents) for contents in studied.values()) and posting.failures < STUDIED
        await self._revised([posting], studied, done=not again)
        if again:
            await self._register.later(posting, "")

    async def _studied(self, posting: Posting, scope: Scope) -> dict[str, Contents]:
        """By id of each item. Raises: KeyError."""
        looking, vision = await enriching(self._wiring.lend), await self._vision(scope)
        items = await (await self._wiring.lend(Archive)).get(scope, posting.ids)
        pages = {page.page: page for page in await self._opening.pages(posting)}
        found: dict[str, Contents] = {}
        for item in items:
            if item.page not in pages:
                continue
            if found:
                await self._give_way()
            image = image_of(posting, pages[item.page])
            (found[item.id],) = await looking.study([image], [item.contents], vision=vision)
        return found

    async def _vision(self, scope: Scope) -> VisionModel | None:
        """Who writes captions; None where no model is to."""
        if not self._wiring.settings.archive_captions:
            return None
        local_only = await self._preferences.is_local_only(scope.workspace, scope.audiences[0])
        try:
            vision: VisionModel = await self._wiring.lend_within(scope, local_only=local_only)(VisionModel)
        except Spoken:
            return None
        return vision

    async def _revised(self, postings: Sequence[Posting], studied: dict[str, Contents], *, done: bool) -> None:
        """Lay what was found out, and what was changed, over what the archive says."""
        archive = await self._wiring.lend(Archive)
        shelving = Shelving(archive, await self._wiring.lend(TextEncoder))

        async def write(there: list[Posting]) -> None:
            for posting in there:
                scope = scope_of(posting.team, posting.channel)
                items = [await self._now(item, posting, studied) for item in await archive.get(scope, posting.ids)]
                await shelving.revise(scope, items)

        after: State | None = "done" if done else None
        await self._register.while_there(postings, write, before=["shelved", "done"], after=after)

    async def _now(self, item: Item, posting: Posting, studied: dict[str, Contents]) -> Item:
        changed = await self._describing.changed(item, posting)
        return changed.model_copy(update={"contents": studied.get(item.id, changed.contents)})
