"""Exports of Slack workspaces into the archive: with who posted each image, where, when and with what words."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.indexing.exports.source import Export
from bot.indexing.index import Progress, index
from bot.indexing.spool import Spool
from bot.indexing.walking import Problem
from tests.archives import MemoryArchive
from tests.colours import ColourEncoder, HereWorkers, WordMeaning
from tests.exports import export, file, message, zipped
from tests.indexing import picture, ports_of, to_the_end
from tools.backends import folder_blobs
from tools.kit import AskAgain, Item, Scope
from tools.kit.parts import Parts

EVERYBODY = ("C1", "D1", "G1", "G9")


def png(colour: str = "red") -> bytes:
    return picture(colour, "PNG")


class Desk:
    """Exports are indexed here."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.encoder = ColourEncoder()
        self.archive = MemoryArchive(self.encoder.name, self.encoder.dim, 384)
        self.blobs = folder_blobs.build("", Parts(base / "home", HereWorkers()))
        self.problems: list[Problem] = []

    async def index(self, path: Path, *, workspace: str = "", **more: Any) -> Progress:
        ports = ports_of(self.archive, self.encoder, self.base / "pixels", blobs=self.blobs)
        with Spool(self.base / "home" / "fetched") as spool:
            source = Export(path, None if workspace else "owner", spool, most_bytes=1_000_000, **more)
            self.problems = []
            last = await to_the_end(index([source], ports, workspace=workspace or "local"), self.problems)
            source.close()
        return last

    async def items(self, workspace: str = "local", audiences: tuple[str, ...] = ("owner",)) -> list[Item]:
        found = [item async for item in self.archive.scan(Scope(workspace=workspace, audiences=audiences))]
        return sorted(found, key=lambda item: item.when)

    def export(self, days: Mapping[str, Any], saved: Mapping[str, bytes] | None = None, **lists: Any) -> Path:
        return export(self.base / "export", days, saved, **lists)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


ONE = {"design/2025-03-01": [message("1740830400.000100", file("F00001"), text="the red <@U2> bike &amp; more")]}


async def test_an_image_comes_in_with_its_post(desk: Desk) -> None:
    days = {
        "design/2025-03-01": [
            message("1740830400.000100", text="no image"),
            message(
                "1740830460.000200", file("F00001"), text="look <@U2>, a bike &amp; more", thread_ts="1740830400.000100"
            ),
        ]
    }
    progress = await desk.index(desk.export(days, {"files/F00001-bike.png": png()}))
    assert (progress.added, progress.unreadable) == (1, 0)
    [item] = await desk.items()
    assert item.post is not None
    assert (item.post.user, item.post.name, item.post.channel) == ("U1", "Anna", "design")
    assert (item.post.ts, item.post.thread_ts, item.post.file) == ("1740830460.000200", "1740830400.000100", "F00001")
    assert item.post.text == "look @Ben B., a bike & more"
    assert item.path == "https://acme.slack.com/archives/C1/p1740830460000200?thread_ts=1740830400.000100&cid=C1"
    assert (item.name, item.mime, item.width, item.height) == ("bike.png", "image/png", 64, 48)


async def test_its_words_find_it(desk: Desk) -> None:
    await desk.index(desk.export(ONE, {"files/F00001-bike.png": png()}))
    scope = Scope(workspace="local", audiences=("owner",))
    assert len(await desk.archive.match(scope, "bike")) == 1
    [meant] = await desk.archive.search(scope, (await WordMeaning().texts(["red bike"]))[0], by="text")
    assert meant.score > 0.4


async def test_the_original_is_kept_for_later(desk: Desk) -> None:
    await desk.index(desk.export(ONE, {"files/F00001-bike.png": png()}))
    [item] = await desk.items()
    assert await desk.blobs.get("local", item.sha256) == png()
    assert await desk.blobs.holders("local", item.sha256) == {"archive:owner"}
    assert list((desk.base / "home" / "fetched").iterdir()) == []


async def test_a_zip_is_read_like_the_folder_it_holds(desk: Desk) -> None:
    folder = desk.export(ONE, {"files/F00001-bike.png": png()})
    packed = zipped(folder, desk.base / "acme.zip")
    assert (await desk.index(packed)).added == 1
    assert (await desk.index(folder)).unchanged == 1
    assert len(await desk.items()) == 1


@pytest.mark.parametrize(
    "place", ["files/F00001-bike.png", "__uploads/F00001/bike.png", "design/attachments/F00001_bike.png"]
)
async def test_files_are_found_where_tools_save_them(desk: Desk, place: str) -> None:
    assert (await desk.index(desk.export(ONE, {place: png()}))).added == 1


async def test_files_beside_a_zip_are_its_own(desk: Desk) -> None:
    packed = zipped(desk.export(ONE), desk.base / "acme.zip")
    (desk.base / "files").mkdir()
    (desk.base / "files" / "F00001-bike.png").write_bytes(png())
    assert (await desk.index(packed)).added == 1


async def test_in_a_workspace_each_image_is_for_the_members_of_its_channel(desk: Desk) -> None:
    days = {
        f"{folder}/2025-03-01": [message(f"174083040{number}.000100", file(f"F0000{number}"))]
        for number, folder in enumerate(("design", "board", "D1", "mpdm-anna--ben--carl-1"))
    }
    saved = {f"files/F0000{number}-bike.png": png() for number in range(4)}
    assert (await desk.index(desk.export(days, saved), workspace="T1")).added == 4
    assert await desk.items() == []
    for audience in EVERYBODY:
        [item] = await desk.items("T1", (audience,))
        assert item.audience == audience
        assert f"archive:{audience}" in await desk.blobs.holders("T1", item.sha256)
    names = [item.post.channel for item in await desk.items("T1", EVERYBODY) if item.post]
    assert names == ["design", "board", "", ""]  # direct messages have no name to show


async def test_the_same_picture_posted_twice_is_two_postings(desk: Desk) -> None:
    twice = [message(ts, file("F00001")) for ts in ("1740830400.000100", "1740830500.000100")]
    days = {"design/2025-03-01": twice}
    assert (await desk.index(desk.export(days, {"files/F00001-a.png": png()}))).added == 2


async def test_what_was_said_since_is_taken_over(desk: Desk) -> None:
    saved = {"files/F00001-bike.png": png()}
    await desk.index(desk.export(ONE, saved))
    days = {"design/2025-03-01": [message("1740830400.000100", file("F00001"), text="it is green now")]}
    progress = await desk.index(desk.export(days, saved))
    assert (progress.unchanged, progress.added) == (1, 0)
    [item] = await desk.items()
    assert item.post
    assert item.post.text == "it is green now"


async def test_what_is_not_in_the_export_is_told_and_fetched_from_nowhere(desk: Desk) -> None:
    days = {"design/2025-03-01": [message("1740830400.000100", file("F00001"), file("F00002"))]}
    progress = await desk.index(desk.export(days, {"files/F00002-bike.png": png()}))
    assert (progress.added, progress.unreadable) == (1, 1)
    [problem] = desk.problems
    assert problem.path.startswith("https://acme.slack.com/archives/C1/")
    assert problem.why == (
        "Its bytes are not in the export: put files/F00001-name into it or beside it, "
        "or add --download to fetch it from Slack."
    )


async def test_it_is_fetched_when_somebody_asks_for_that(desk: Desk) -> None:
    asked = []

    async def download(slack_file: Mapping[str, Any], to: Path) -> None:
        asked.append(slack_file["url_private_download"])
        to.write_bytes(png("blue"))  # noqa: ASYNC240

    assert (await desk.index(desk.export(ONE), download=download)).added == 1
    assert asked == ["https://files.slack.com/files-pri/T1-F00001/bike.png?t=xoxe-1"]


async def test_what_slack_has_lost_and_what_is_no_image_is_passed_over(desk: Desk) -> None:
    days = {
        "design/2025-03-01": [
            message("1740830400.000100", {"id": "F00009", "mode": "tombstone"}),
            message("1740830401.000100", file("F00002", "notes.txt", "text/plain")),
            message("1740830402.000100", file("F00003", "drawing.svg", "image/svg+xml")),
            message("1740830403.000100", file("F00001")),
        ]
    }
    progress = await desk.index(desk.export(days, {"files/F00001-bike.png": png()}))
    assert (progress.added, progress.other, progress.unreadable) == (1, 2, 0)


async def test_a_pdf_is_an_entry_a_page(desk: Desk) -> None:
    days = {"design/2025-03-01": [message("1740830400.000100", file("F00001", "scan.pdf", "application/pdf"))]}
    progress = await desk.index(desk.export(days, {"files/F00001-scan.pdf": b"%PDF-pages 3 green"}))
    assert progress.added == 1
    assert sorted(item.page or 0 for item in await desk.items()) == [1, 2, 3]


# --- what strangers pack --------------------------------------------------------------------------


async def test_broken_json_is_told_and_the_rest_is_read(desk: Desk) -> None:
    days = {**ONE, "design/2025-03-02": '[{"ts": "17', "design/2025-03-03": [None, 5, {"ts": "x"}, {"files": [3]}]}
    progress = await desk.index(desk.export(days, {"files/F00001-bike.png": png()}, groups="{{{"))
    assert progress.added == 1
    told = {Path(problem.path).name: problem.why for problem in desk.problems}
    assert told["2025-03-02.json"] == "It is no JSON: export it again, or mend it."
    assert any(name.endswith("groups.json") for name in told)


async def test_no_member_of_a_zip_leads_out_of_it(desk: Desk) -> None:
    link = zipfile.ZipInfo("design/2025-03-05.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    extra = [("../../evil.json", b"[]"), ("/etc/evil.json", b"[]"), ("..\\evil.json", b"[]"), (link, b"/etc/passwd")]
    packed = zipped(desk.export(ONE, {"files/F00001-bike.png": png()}), desk.base / "acme.zip", extra)
    before = set(desk.base.parent.rglob("*evil*"))
    assert (await desk.index(packed)).added == 1
    assert set(desk.base.parent.rglob("*evil*")) == before
    assert [problem.why for problem in desk.problems] == ["This leads out of the export: skipped."] * 4


async def test_a_link_in_a_folder_leads_nowhere(desk: Desk) -> None:
    folder = desk.export(ONE)
    (desk.base / "secret.png").write_bytes(png())
    (folder / "files").mkdir()
    (folder / "files" / "F00001-bike.png").symlink_to(desk.base / "secret.png")
    with pytest.raises(AskAgain):
        await desk.index(folder)
    assert await desk.items() == []
    assert "This leads out of the export: skipped." in [problem.why for problem in desk.problems]


@pytest.mark.parametrize("name", [b".///.", b"\0.txt"])
async def test_a_member_without_a_name_is_skipped(desk: Desk, name: bytes) -> None:
    packed = zipped(desk.export(ONE, {"files/F00001-bike.png": png()}), desk.base / "acme.zip", [("Z.txt", b"[]")])
    packed.write_bytes(packed.read_bytes().replace(b"Z.txt", name))
    assert (await desk.index(packed)).added == 1


async def test_a_link_to_itself_leads_nowhere(desk: Desk) -> None:
    folder = desk.export(ONE, {"files/F00001-bike.png": png()})
    (folder / "loop").symlink_to("loop")
    assert (await desk.index(folder)).added == 1
    assert [problem.why for problem in desk.problems] == ["This leads out of the export: skipped."]


@pytest.mark.parametrize("key", ["nobody", "owner", "../..", {"a": 1}])
async def test_images_of_what_slack_calls_no_channel_so_are_nobodys(desk: Desk, key: object) -> None:
    folder = desk.export(ONE, {"files/F00001-bike.png": png()}, channels=[{"id": key, "name": "design"}])
    with pytest.raises(AskAgain):
        await desk.index(folder, workspace="T1")
    assert "That is no id of a channel: skipped." in [problem.why for problem in desk.problems]


async def test_a_bomb_does_not_go_off(desk: Desk) -> None:
    saved = {"files/F00001-bike.png": b"\0" * 50_000_000, "files/F00002-bike.png": png()}
    days = {"design/2025-03-01": [message("1740830400.000100", file("F00001"), file("F00002"))]}
    packed = zipped(desk.export(days, saved), desk.base / "acme.zip")
    assert packed.stat().st_size < 200_000
    assert (await desk.index(packed)).added == 1
    [problem] = desk.problems
    assert problem.why == "It has more than 1,000,000 bytes, which is the most that is opened."


async def test_a_damaged_member_costs_only_itself(desk: Desk) -> None:
    saved = {"files/F00001-bike.png": png(), "files/F00002-bike.png": png("blue")}
    days = {"design/2025-03-01": [message("1740830400.000100", file("F00001"), file("F00002"))]}
    packed = zipped(desk.export(days, saved), desk.base / "acme.zip")
    with zipfile.ZipFile(packed) as made:
        start = made.getinfo("files/F00001-bike.png").header_offset
    data = bytearray(packed.read_bytes())
    data[start + 60 : start + 80] = b"\xff" * 20
    packed.write_bytes(data)
    assert (await desk.index(packed)).added == 1
    [problem] = desk.problems
    assert "files/F00001-bike.png in the export cannot be read (it is damaged)" in problem.why


async def test_a_file_of_countless_values_is_not_unfolded(desk: Desk) -> None:
    days = {**ONE, "design/2025-03-02": "[" + "[]," * 10_000_001 + "[]]"}
    packed = zipped(desk.export(days, {"files/F00001-bike.png": png()}), desk.base / "acme.zip")
    assert (await desk.index(packed)).added == 1
    [problem] = desk.problems
    assert problem.why == "It has more than 10,000,000 values, more than any file of an export has."


async def test_values_within_values_without_end_are_no_json(desk: Desk) -> None:
    days = {**ONE, "design/2025-03-02": "[" * 700 + "]" * 700, "design/2025-03-03": "[" * 100_000}
    assert (await desk.index(desk.export(days, {"files/F00001-bike.png": png()}))).added == 1
    assert {problem.why for problem in desk.problems} == {"It is no JSON: export it again, or mend it."}


async def test_a_half_of_a_character_in_an_id_is_left_out(desk: Desk) -> None:
    days = {"design/2025-03-01": [message("1740830400.000100", file("F00\ud800001", "bi\ud83cke.png"))]}
    assert (await desk.index(desk.export(days, {"files/F00001-bike.png": png()}))).added == 1
    assert [item.name for item in await desk.items()] == ["bike.png"]


async def test_what_was_said_on_no_day_of_any_calendar_is_passed_over(desk: Desk) -> None:
    impossible = [message(ts, file("F00002")) for ts in ("999999999999.000000", "253402300800.000000", "-1.000000")]
    days = {"design/2025-03-01": [*impossible, *ONE["design/2025-03-01"]]}
    saved = {"files/F00001-bike.png": png(), "files/F00002-bike.png": png("blue")}
    assert (await desk.index(desk.export(days, saved))).added == 1


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
async def test_a_damaged_member_of_any_packing_costs_only_itself(desk: Desk, packing: int) -> None:
    folder, packed = desk.export(ONE, {"files/F00001-bike.png": png()}), desk.base / "acme.zip"
    with zipfile.ZipFile(packed, "w", packing) as made:
        for path in sorted(folder.rglob("*.*")):
            made.write(path, path.relative_to(folder).as_posix())
        made.writestr("design/2025-03-02.json", json.dumps([message("1740916800.000100", file("F00002"))] * 9))
        start = made.getinfo("design/2025-03-02.json").header_offset
    data = bytearray(packed.read_bytes())
    data[start + 70 : start + 90] = b"\xff" * 20
    packed.write_bytes(data)
    assert (await desk.index(packed)).added == 1
    [problem] = desk.problems
    assert problem.why == "It cannot be read (it is damaged)."


async def test_a_zip_with_names_in_no_encoding_is_one_sentence(desk: Desk) -> None:
    packed = zipped(desk.export(ONE), desk.base / "acme.zip", [("Zürich.txt", b"[]")])
    packed.write_bytes(packed.read_bytes().replace("Zürich".encode(), b"Z\xff\xfeich"))
    with pytest.raises(AskAgain, match=r"acme\.zip is no zip file that can be read: download the export again"):
        await desk.index(packed)


@pytest.mark.parametrize("data", [b"not a zip", b"PK\x03\x04 torn"])
async def test_what_is_no_zip_is_one_sentence(desk: Desk, data: bytes) -> None:
    path = desk.base / "acme.zip"
    path.write_bytes(data)
    with pytest.raises(AskAgain, match=r"acme\.zip is no zip file that can be read: download the export again"):
        await desk.index(path)


async def test_a_zip_of_something_else_is_one_sentence(desk: Desk) -> None:
    (desk.base / "holiday").mkdir()
    (desk.base / "holiday" / "a.png").write_bytes(png())
    packed = zipped(desk.base / "holiday", desk.base / "holiday.zip")
    with pytest.raises(AskAgain, match=r"is no export of Slack: one has users\.json .* unpack it and name the folder"):
        await desk.index(packed)


async def test_names_cannot_break_lines_or_directions(desk: Desk) -> None:
    people = [{"id": "U1", "name": "x", "profile": {"display_name": "An\u202ena\n\nadmin"}}]
    await desk.index(desk.export(ONE, {"files/F00001-bike.png": png()}, users=people))
    [item] = await desk.items()
    assert item.post
    assert item.post.name == "Anna admin"
