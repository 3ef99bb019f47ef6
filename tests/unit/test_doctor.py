"""The doctor looks at each part as a command would use it, goes on past what is broken, and leaves all as it was."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.health.finding import Finding
from bot.health.parts import examine
from bot.settings import Settings
from bot.wiring import OWNER, Wiring
from tests.postgres import server_of
from tests.provider import Act, fails, opened, says
from tools.backends import postgres
from tools.backends.postgres import EmbeddedPostgres, place
from tools.backends.workers import PebbleWorkers
from tools.kit import Archive, Encoder, Item
from tools.kit.archive import Point
from tools.kit.parts import Parts

USER = """
import sys, time
from pathlib import Path
from tools.backends import postgres
from tools.backends.workers import PebbleWorkers
from tools.kit.parts import Parts

postgres.build("", Parts(home=Path(sys.argv[1]), workers=PebbleWorkers())).start()
print("started", flush=True)
time.sleep(60)
"""


def settings(home: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, **{"home": home, "encoder": "builtin_encoder", **more})


async def findings(
    home: Path, *, stop_orphans: bool = False, remove_abandoned: bool = False, online: bool = False, **more: Any
) -> dict[str, Finding]:
    wanted = {"stop_orphans": stop_orphans, "remove_abandoned": remove_abandoned, "online": online}
    return {found.what: found async for found in examine(settings(home, **more), **wanted)}


async def test_a_fresh_machine_is_fit_without_any_key(tmp_path: Path) -> None:
    found = await findings(tmp_path)
    assert [one.what for one in found.values() if one.state == "missing"] == []
    assert "empty" in found["archive"].said
    assert "not prepared" in found["models"].said


async def test_a_home_that_cannot_be_is_all_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = await findings(tmp_path / "file")
    assert (found["home"].state, set(found)) == ("missing", {"home", "pdf"})


WRONG = [
    ("ocr", "a.b", "no backend 'a.b'"),
    ("ocr", "folder_blobs", "SPYGLASS_OCR=folder_blobs is for something else"),
    ("extractor", "nonsense", "no backend 'nonsense'"),
    ("blobs", "s3:", "needs its bucket: SPYGLASS_BLOBS=s3://BUCKET"),
    ("archive", "nonsense", "no backend 'nonsense'"),
    ("archive", "rapid_ocr", "no archive"),
    ("archive", "qdrant_server:nowhere", "needs a URL"),
    ("archive", "qdrant_server:http://[nowhere", "needs a URL"),
    ("archive", "qdrant_server:http://nowhere:port", "needs a URL"),
    ("archive", "qdrant_server:http://127.0.0.1:9", "does not answer"),
    ("encoder", "clip:/nowhere", "/nowhere"),
    ("model", "nobody:x", "none of anthropic:MODEL, openai:MODEL"),
    ("model", "openai:x", "OPENAI_API_KEY"),
    ("model", "openai_compatible:http://models.invalid/v1#x", "unencrypted"),
    ("vision", "anthropic:x", "ANTHROPIC_API_KEY"),
    ("vision", "chat_vision:anthropic/x", "none of anthropic:MODEL, openai:MODEL"),
    ("rules", Path("/nowhere.yaml"), "/nowhere.yaml"),
    ("database_url", "nonsense", "no PostgreSQL URL"),
    ("database_url", "postgresql://127.0.0.1:9/x", "does not answer"),
]


@pytest.mark.parametrize(("setting", "value", "told"), WRONG)
async def test_what_is_wrong_is_said_and_the_rest_is_looked_at(
    tmp_path: Path, setting: str, value: Any, told: str
) -> None:
    found = await findings(tmp_path, **{setting: value})
    one = found[setting.removesuffix("_url")]
    assert (one.state, told in one.said) == ("missing", True), one
    assert len(found) == 14


# --- models behind providers ----------------------------------------------------------------------

CLAUDE = "anthropic:claude-haiku-4-5"


async def test_a_model_is_told_by_size_sight_and_price_and_never_by_its_key(tmp_path: Path) -> None:
    more: dict[str, Any] = {"model": CLAUDE, "vision": CLAUDE, "anthropic_api_key": "sk-never-shown"}
    found = await findings(tmp_path, **more)
    for what in ("model", "vision"):
        said = found[what].said
        assert found[what].state == "ok"
        assert said.startswith(f"{CLAUDE}: 200,000 tokens, sees images, $1 in and $5 out for a million tokens (20")
        assert "key set" in said
        assert "sk-never-shown" not in said


async def test_a_model_nobody_knows_is_a_note_and_its_price_is_unknown(tmp_path: Path) -> None:
    found = await findings(tmp_path, model="openai_compatible:http://127.0.0.1:9/v1#llava")
    assert found["model"].state == "note"
    assert "cautious defaults" in found["model"].said
    assert "price unknown, no key" in found["model"].said


async def test_every_model_that_may_be_used_is_told(tmp_path: Path) -> None:
    more: dict[str, Any] = {"model": CLAUDE, "model_fallbacks": ("openai:gpt-5.4-mini",), "anthropic_api_key": "k"}
    found = await findings(tmp_path, **more)
    assert (found["model"].state, "OPENAI_API_KEY" in found["model"].said) == ("missing", True)
    found = await findings(tmp_path, **more, openai_api_key="k")
    assert (found["model"].state, "openai:gpt-5.4-mini: 400,000" in found["model"].said) == ("ok", True)


async def test_budgets_are_told_with_what_they_cannot_count(tmp_path: Path) -> None:
    more: dict[str, Any] = {"budget_workspace": 5.0, "budget_user": 0.5, "anthropic_api_key": "k", "model": CLAUDE}
    found = await findings(tmp_path, **more)
    assert (found["budget"].state, found["budget"].said) == (
        *("ok", "$5.00 for a workspace, $0.50 for a person a day (UTC)"),
    )
    llava = "openai_compatible:http://127.0.0.1:9/v1#llava"
    found = await findings(tmp_path, **more, vision=llava)
    assert found["budget"].state == "note"
    assert f"the price of {llava} is not known" in found["budget"].said


async def test_a_model_that_sees_nothing_is_missing_as_eyes(tmp_path: Path) -> None:
    found = await findings(tmp_path, vision="openai:o3-mini", openai_api_key="k")
    assert (found["vision"].state, "sees no images" in found["vision"].said) == ("missing", True)


@pytest.mark.parametrize(
    ("act", "state", "told"), [(says("Yes."), "ok", "it answers"), (fails(401), "missing", "does not accept the key")]
)
async def test_a_model_is_asked_for_a_word_only_when_that_is_wanted(
    tmp_path: Path, act: Act, state: str, told: str
) -> None:
    async with opened(act) as provider:
        more: dict[str, Any] = {"model": CLAUDE, "anthropic_api_key": "k", "anthropic_base_url": provider.url}
        await findings(tmp_path, **more)
        assert provider.heard == []
        found = await findings(tmp_path, online=True, **more)
        assert len(provider.heard) == 1
    assert (found["model"].state, told in found["model"].said) == (state, True)
    assert "started when needed" in found["database"].said


async def test_a_store_of_originals_that_does_not_answer_is_missing(tmp_path: Path) -> None:
    keys: dict[str, Any] = {"s3_endpoint": "http://127.0.0.1:9", "s3_access_key_id": "k", "s3_secret_access_key": "s"}
    found = await findings(tmp_path, blobs="s3://bucket/prefix", **keys)
    assert found["blobs"].state == "missing"


async def test_a_server_that_accepts_and_never_answers_is_waited_for_only_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.health.parts.PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = await findings(tmp_path, archive=f"qdrant_server:http://127.0.0.1:{silent.getsockname()[1]}")
    for what in ("archive", "encoder"):
        assert (found[what].state, "no answer within 0.3 seconds" in found[what].said) == ("missing", True)


# --- the archive ----------------------------------------------------------------------------------


async def fill(wiring: Wiring) -> None:
    encoder, archive = await wiring.lend(Encoder), await wiring.lend(Archive)
    item = Item(
        id="00000000-0000-0000-0000-000000000001",
        path="/a.jpg",
        sha256="0" * 64,
        audience="owner",
        name="a.jpg",
        mime="image/jpeg",
        width=640,
        height=480,
        added=datetime(2026, 1, 1, tzinfo=UTC),
    )
    await archive.put(OWNER, [item], np.eye(1, encoder.dim, dtype=np.float32))


async def test_an_archive_says_how_many_images_it_has_and_which_encoder_made_it(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        await fill(wiring)
    found = await findings(tmp_path)
    assert found["archive"] == Finding("archive", "ok", "qdrant_edge, 1 image, made with builtin-1")


async def test_an_archive_that_another_process_has_open_answers_the_doctor(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        await fill(wiring)
        assert await (await wiring.lend(Archive)).count(OWNER) == 1
        found = await findings(tmp_path)
    assert found["archive"] == Finding("archive", "ok", "qdrant_edge, 1 image, made with builtin-1")


async def test_what_is_encoded_anew_and_other_workspaces_are_told(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        await fill(wiring)
        other = await wiring.backend("qdrant_edge", encoder="builtin-1", dim="384")
        newer = await wiring.backend("qdrant_edge", encoder="another", dim="8")
        [item] = [found async for found in (await wiring.lend(Archive)).scan(OWNER)]
        await other.keep("T1", [Point(item, np.eye(1, 384, dtype=np.float32)[0])])
        await newer.keep("T1", [Point(item, np.eye(1, 8, dtype=np.float32)[0])])
        await other.close()
        await newer.close()
    said = (await findings(tmp_path))["archive"].said
    assert said == "qdrant_edge, 2 images of 2 workspaces, made with builtin-1; 1 of T1 by another as well, so far"


# --- the embedded database ------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = postgres.build("", Parts(home=tmp_path, workers=PebbleWorkers()))
    yield server
    server.stop_if_unused()


@contextmanager
def user_of(home: Path) -> Iterator[subprocess.Popen[str]]:
    user = subprocess.Popen([sys.executable, "-c", USER, str(home)], stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    assert user.stdout.readline() == "started\n"
    try:
        yield user
    finally:
        user.kill()
        user.communicate()


async def test_a_database_in_use_is_left_alone_also_when_orphans_are_to_be_stopped(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    with user_of(tmp_path):
        found = await findings(tmp_path, stop_orphans=True)
        assert (found["database"].state, "in use" in found["database"].said) == ("ok", True)
        assert server.running()


async def test_an_orphaned_database_is_named_and_stopped_only_when_asked(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    with user_of(tmp_path):
        pass  # killed
    found = await findings(tmp_path)
    assert (found["database"].state, "--stop-orphans" in found["database"].said) == ("note", True)
    assert server.running()
    found = await findings(tmp_path, stop_orphans=True)
    assert (found["database"].state, "is stopped now" in found["database"].said) == ("ok", True)
    assert not server.running()


# --- databases whose home is gone ------------------------------------------------------------------

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's databases lie outside their homes")


@as_root
async def test_a_database_whose_home_is_gone_is_named_and_removed_only_when_asked(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir()
    folder = server_of(home).data.parent
    with user_of(home):
        pass  # killed: its server runs on
    assert folder.name not in (await findings(other))["abandoned"].said
    shutil.rmtree(home)
    assert folder in place.abandoned()
    found = (await findings(other))["abandoned"]
    assert (found.state, "--remove-abandoned" in found.said, folder.exists()) == ("note", True, True)
    found = (await findings(other, remove_abandoned=True))["abandoned"]
    assert (found.state, "removed" in found.said, folder.exists()) == ("ok", True, False)


@as_root
def test_a_database_in_use_is_not_removed_with_its_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    server = server_of(home)
    with user_of(home):
        shutil.rmtree(home)
        assert not server.discard()
        assert server.running()
    assert server.discard()
    assert not server.data.parent.exists()


def test_only_what_is_marked_as_ours_is_abandoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "SYSTEM_HOME", tmp_path / "system")
    there, gone, moved = (tmp_path / name for name in ("there", "gone", "moved"))
    there.mkdir()
    folders = {home: place.system_folder(home) for home in (there, gone)} | {moved: tmp_path / "system" / "somewhere"}
    for home, folder in folders.items():
        folder.mkdir(parents=True)
        place.mark(folder, home)
    (tmp_path / "system" / "unmarked").mkdir()
    assert place.abandoned() == [folders[gone]]
    gone.symlink_to(tmp_path / "unmounted")
    assert place.abandoned() == []
