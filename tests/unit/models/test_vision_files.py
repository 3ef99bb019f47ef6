"""Images left with a provider: sent once, named afterwards, and gone with their original."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.contract.planners import Speaker, chat, claude, responses
from tests.provider import Provider, fails, opened, says_json
from tests.unit.models.seeing import photo, sight
from tools.backends.chat_vision import AnthropicFiles, ChatVision, FileShelf, Models, OpenAIFiles
from tools.kit import Image

CUPS = sight().model_dump()
BOTH = [pytest.param(claude, id="anthropic"), pytest.param(responses, id="openai-responses")]


def shelf(provider: Provider, home: Path) -> FileShelf:
    return FileShelf(
        home, {"anthropic": AnthropicFiles("k", provider.url), "openai": OpenAIFiles("k", provider.openai_url)}
    )


@asynccontextmanager
async def seeing(speaker: Speaker, provider: Provider, home: Path) -> AsyncIterator[ChatVision]:
    vision = ChatVision(Models([speaker(provider)], files=shelf(provider, home)))
    try:
        yield vision
    finally:
        await vision.close()


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return photo(tmp_path, 1, (2000, 1500))


@pytest.mark.parametrize("speaker", BOTH)
async def test_nothing_of_the_environment_goes_along_with_a_file(
    speaker: Speaker, image: Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_CUSTOM_HEADERS", "OPENAI_CUSTOM_HEADERS", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "X-Other: other" if name.endswith("HEADERS") else "other")
    async with opened(says_json(CUPS)) as provider, seeing(speaker, provider, tmp_path / "files") as vision:
        await vision.look([image], "What?")
        await vision.look([image], "Where?")
        await vision.forget(image.workspace, image.ref.sha256)
    asked = [heard for heard in provider.requests if heard.wire == "files"]
    assert {heard.method for heard in asked} == {"POST", "DELETE"}
    assert not any("other" in str(dict(heard.headers)) for heard in asked)


@pytest.mark.parametrize("speaker", BOTH)
async def test_an_image_that_is_asked_about_again_is_sent_no_more(
    speaker: Speaker, image: Image, tmp_path: Path
) -> None:
    async with opened(says_json(CUPS)) as provider, seeing(speaker, provider, tmp_path / "files") as vision:
        for question in ("What?", "Where?", "When?", "Why?"):
            assert (await vision.look([image], question)).text == "Three cups."
    first, second, third, fourth = provider.heard
    assert len(first.raw) > 20_000 > len(second.raw)
    assert [bool(heard.images[0].file_id) for heard in provider.heard] == [False, True, True, True]
    assert second.images[0].file_id == third.images[0].file_id == fourth.images[0].file_id
    assert second.images[0].size == first.images[0].size
    [stored] = provider.shelf.files.values()
    assert image.ref.name not in stored.name
    uploads = [heard for heard in provider.requests if heard.wire == "files" and heard.method == "POST"]
    assert len(uploads) == 1
    assert b"86400" in uploads[0].raw


@pytest.mark.parametrize("speaker", BOTH)
async def test_what_a_provider_has_of_an_image_is_deleted_with_it(
    speaker: Speaker, image: Image, tmp_path: Path
) -> None:
    async with opened(says_json(CUPS)) as provider:
        async with seeing(speaker, provider, tmp_path / "files") as vision:
            for question in ("What?", "Where?"):
                await vision.look([image], question)
        assert len(provider.shelf.files) == 1
        async with seeing(speaker, provider, tmp_path / "files") as another:  # such as after a restart
            await another.forget("T2", image.ref.sha256)
            assert len(provider.shelf.files) == 1
            await another.forget("local", image.ref.sha256)
    assert provider.shelf.files == {}
    assert [*(tmp_path / "files").glob("*/*")] == []


@pytest.mark.parametrize("speaker", BOTH)
async def test_a_file_the_provider_no_longer_has_is_sent_again(speaker: Speaker, image: Image, tmp_path: Path) -> None:
    async with (
        opened(says_json(CUPS), strict=False) as provider,
        seeing(speaker, provider, tmp_path / "files") as vision,
    ):
        for question in ("What?", "Where?"):
            await vision.look([image], question)
        provider.shelf.files.clear()
        assert (await vision.look([image], "When?")).text == "Three cups."
    assert not provider.heard[-1].images[0].file_id


async def test_an_image_that_cannot_be_left_there_is_sent_along(
    image: Image, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(fails(500)) as down:
        pass
    async with opened(says_json(CUPS)) as provider:
        files = FileShelf(tmp_path / "files", {"anthropic": AnthropicFiles("k", down.url)})
        vision = ChatVision(Models([claude(provider)], files=files))
        for question in ("What?", "Where?"):
            assert (await vision.look([image], question)).text == "Three cups."
        await vision.close()
    assert "could not be left with its provider" in caplog.text


async def test_a_small_image_and_one_for_another_wire_are_sent_along(image: Image, tmp_path: Path) -> None:
    async with opened(says_json(CUPS)) as provider:
        small = photo(tmp_path, 2, (60, 40))
        async with seeing(claude, provider, tmp_path / "files") as vision:
            for question in ("What?", "Where?", "When?"):
                await vision.look([small], question)
        chatting = ChatVision(Models([chat(provider)], files=FileShelf(tmp_path / "files", {})))
        for question in ("What?", "Where?", "When?"):
            await chatting.look([image], question)
    assert provider.shelf.files == {}
