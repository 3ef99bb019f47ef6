"""What a person at the terminal sees: answers, JSON, exit codes, and one sentence when something is wrong."""

from __future__ import annotations

import json
import logging
import signal
import time
from pathlib import Path

import pytest
from PIL import Image as Pillow

from bot.commands.index import _under_way
from bot.indexing.index import Progress
from bot.logs import PrivateLog
from tests.provider import serving
from tests.scenario.conftest import Terminal, with_models

KEYS = {"answer", "status", "tools", "checks", "images", "planner", "seconds"}


def test_a_photo_is_classified_with_evidence(spyglass: Terminal, pictures: dict[str, Path]) -> None:
    ran = spyglass("ask", pictures["flower"], "-q", "Is this a dog, a flower or a car?", "--json")
    assert ran.code == 0
    answer = ran.json
    assert set(answer) >= KEYS
    assert answer["status"] == "answered"
    assert answer["planner"] == "local"
    assert "flower" in answer["answer"]
    tool = answer["tools"][0]
    assert (tool["name"], sorted(tool["arguments"]["labels"])) == ("classify", ["car", "dog", "flower"])
    assert tool["evidence"]["facts"]["label"] == "flower"
    assert {check["rule"] for check in answer["checks"] if check["kept"]} >= {"banned_brands", "grounded"}
    image = answer["images"][0]
    assert (image["handle"], image["mime"], image["width"], image["height"]) == ("image 1", "image/jpeg", 640, 427)
    assert len(image["sha256"]) == 64


def test_a_thread_survives_the_end_of_the_process(spyglass: Terminal, pictures: dict[str, Path]) -> None:
    first = spyglass("ask", pictures["receipt"], "-q", "What does it say?", "--thread", "kept", "--json")
    second = spyglass("ask", pictures["before"], "-q", "and this one?", "--thread", "kept", "--json")
    assert first.json["tools"][0]["name"] == second.json["tools"][0]["name"] == "read_text"
    assert second.json["tools"][0]["arguments"]["image"] == "image 2"
    assert "HARBOUR" in second.json["answer"]
    assert [image["handle"] for image in second.json["images"]] == ["image 1", "image 2"]


def test_a_batch_gives_a_line_for_a_line_in_order(
    spyglass: Terminal, pictures: dict[str, Path], tmp_path: Path
) -> None:
    rows = [
        {"images": [str(pictures["receipt"])], "question": "What is the total?", "thread": "b"},
        {"images": ["nowhere.jpg"], "question": "What is this?"},
        {"question": "and the date?", "thread": "b"},
        {"question": "hello"},
    ]
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(map(json.dumps, rows)))
    ran = spyglass("ask", "--batch", batch, "--json")
    first, missing, date, hello = ran.lines
    assert ran.code == 0
    assert "13.20" in first["answer"]
    assert (missing["status"], "nowhere.jpg" in missing["answer"]) == ("refused", True)
    assert "2026-03-14" in date["answer"]
    assert (hello["status"], hello["tools"]) == ("answered", [])


def test_a_batch_gives_a_line_for_every_line_whatever_it_holds(
    spyglass: Terminal, pictures: dict[str, Path], tmp_path: Path
) -> None:
    lines = [
        b'\xef\xbb\xbf{"question": "hello"}',
        b"",
        b"not JSON",
        '{"question": "hello \u2028 and \x85 hi"}'.encode(),
        b"[1]",
        b'{"question": "caf\xe9"}',
        b'{"question": "hello \\ud83d \\u0000", "thread": "t\\ud83d"}',
        b"[" * 100_000,
        b'{"images": ["~nobody/x.jpg", 5], "question": "hi"}',
        json.dumps({"images": ["x" * 5000], "question": "hi"}).encode(),
        b'{"question": "hello"}\r',
    ]
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(b"\n".join(lines))
    ran = spyglass("ask", "--batch", batch, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert [line["status"] for line in ran.lines] == [
        *("answered", "refused", "answered", "refused", "refused", "answered", "refused", "refused", "refused"),
        "answered",
    ]
    assert "Line 3 " in ran.lines[1]["answer"]
    assert "Line 6 is not text" in ran.lines[4]["answer"]
    assert all(set(line) >= KEYS for line in ran.lines)


def test_a_batch_answers_each_line_as_it_comes(home: Path) -> None:
    with Terminal(home).started("ask", "--batch", "-", "--json") as process:
        assert process.stdin
        assert process.stdout
        for _ in range(2):
            process.stdin.write('{"question": "hello"}\n')
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["status"] == "answered"
        process.stdin.write("not JSON")
        process.stdin.close()
        assert json.loads(process.stdout.readline())["status"] == "refused"
        assert process.wait(60) == 0


def test_a_wrong_setting_ends_a_batch_before_its_first_line(spyglass: Terminal) -> None:
    ran = spyglass("ask", "--batch", "-", "--json", stdin='{"question": "hello"}\n', model="nobody:x")
    assert (ran.code, ran.out, "nobody" in ran.err) == (2, "", True)


def test_ctrl_c_stops_a_batch_that_waits_for_its_next_line(home: Path) -> None:
    with Terminal(home).started("ask", "--batch", "-", "--json") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write('{"question": "hello"}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr
        assert process.stderr.read().strip() == "Stopped."


def test_a_batch_of_texts_or_queries_gives_a_line_for_every_line(spyglass: Terminal, tmp_path: Path) -> None:
    checked = spyglass("check", "--batch", "-", "--json", stdin='{"text": "fine"}\n\nbad\n{"text": 1}')
    assert [line["kept"] for line in checked.lines] == [True, None, None]
    assert (checked.code, "Line 3 " in checked.lines[1]["problem"]) == (2, True)
    queries = tmp_path / "queries.txt"
    queries.write_bytes(b"\xef\xbb\xbfa flower\n\n caf\xe9 \na \xe2\x80\xa8 rose\n")
    found = spyglass("search", "--batch", queries, "--json")
    assert [line["query"] for line in found.lines] == ["a flower", "", "a \u2028 rose"]
    assert (found.code, found.lines[1]["status"]) == (0, "refused")


def test_what_libraries_complain_of_goes_to_a_private_file(spyglass: Terminal) -> None:
    """The connection pool warns of each attempt at a database that speaks another language."""
    with serving() as nonsense:
        address = nonsense.url.removeprefix("http://").split("/")[0]
        ran = spyglass("ask", "-q", "hello", "--json", database_url=f"postgresql://{address}/x")
    log = spyglass.home / "log" / "spyglass.log"
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (3, "", 1)
    assert log.stat().st_mode & 0o077 == 0
    assert log.parent.stat().st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written_goes_to_a_temporary_file() -> None:
    log = PrivateLog(Path("/proc/nowhere/spyglass.log"))
    log.emit(logging.makeLogRecord({"msg": "a trace \ud83d"}))
    log.close()
    try:
        assert "a trace" in Path(log.path).read_text("utf-8")
        assert Path(log.path).stat().st_mode & 0o077 == 0
    finally:
        Path(log.path).unlink()


def test_a_pdf_gives_its_pages(spyglass: Terminal, pictures: dict[str, Path]) -> None:
    answer = spyglass("ask", pictures["invoice"], "-q", "What is the invoice number?", "--json").json
    assert "INV-2026-0042" in answer["answer"]
    assert answer["images"][0]["page"] == 1


def test_before_and_after_are_compared_with_a_picture(spyglass: Terminal, pictures: dict[str, Path]) -> None:
    answer = spyglass(
        "ask", pictures["before"], pictures["after"], "-q", "Is the product as advertised?", "--json"
    ).json
    assert "red" in answer["answer"]
    assert Path(answer["pictures"][0]["path"]).exists()


def test_what_is_indexed_is_found(pictures: dict[str, Path], tmp_path: Path, text_models: Path) -> None:
    spyglass = Terminal(with_models(tmp_path / "home", text_models))  # nobody else has indexed these there
    first = spyglass("index", pictures["flower"].parent, "--json").json
    again = spyglass("index", pictures["flower"].parent, "--json").json
    assert (first["added"], again["added"], again["unchanged"]) == (7, 0, 7)
    found = spyglass("search", "a flower", "--limit", "3", "--json").json
    assert found["hits"][0]["path"].endswith("flower.jpg")
    assert found["hits"][0]["rank"] == 1
    queries = tmp_path / "queries.txt"
    queries.write_text("a flower\na receipt\n")
    assert [line["query"] for line in spyglass("search", "--batch", queries, "--json").lines] == [
        "a flower",
        "a receipt",
    ]


def test_a_stopped_index_says_how_to_go_on_and_does(tmp_path: Path) -> None:
    spyglass = Terminal(tmp_path / "home")
    for number in range(384):
        Pillow.new("RGB", (500, 500), (number % 256, 90, 90)).save(tmp_path / f"{number}.png")
    with spyglass.started("index", tmp_path) as process:
        while not any(spyglass.home.glob("archive/local/collections/*/shard")):
            assert process.poll() is None, "it ended before it was stopped"
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert "run the same command again to go on from there" in process.communicate()[1]
        assert process.returncode == 130
    again = spyglass("index", tmp_path, "--json", "--no-enrich").json
    assert (again["unchanged"] > 0, again["unchanged"] + again["added"]) == (True, 384)


def test_the_encoder_is_got_ready_before_anything_is_counted() -> None:
    assert _under_way(Progress()) == "getting the encoder ready"
    assert _under_way(Progress(seen=1200)) == "indexing 1,200"
    assert _under_way(Progress(seen=1200, total=3000)) == "indexing 1,200 of 3,000"


def test_index_says_why_nothing_could_be_read(spyglass: Terminal, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("no picture")
    (tmp_path / "b.png").write_bytes(b"")
    ran = spyglass("index", tmp_path, "--json")
    assert (ran.code, ran.json["unreadable"], len(ran.json["problems"])) == (2, 2, 2)
    assert "could be read" in ran.err
    told = spyglass("index", tmp_path)
    assert "a.jpg" in told.out
    assert "text file" in told.out


def test_a_banned_brand_never_gets_out(spyglass: Terminal, pictures: dict[str, Path], tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("banned_brands:\n  brands:\n    - name: Acme\n      aliases: [Acme Tools]\n")
    ran = spyglass("ask", pictures["invoice"], "-q", "Which company is it from?", "--json", rules=str(rules))
    assert "acme" not in ran.out.lower()
    assert ran.json["tools"][0]["name"] == "extract"


def test_a_banned_brand_in_a_file_name_stays_out_of_errors_and_json(spyglass: Terminal, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("banned_brands:\n  brands:\n    - name: Acme\n")
    (tmp_path / "acme logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    missing = spyglass("ask", "acme.jpg", "-q", "hi", rules=str(rules))
    assert (missing.code, "acme" in missing.err.lower()) == (2, False)
    ran = spyglass(
        "ask", tmp_path / "acme logo.svg", "-q", "what is it?", "--thread", "Acme", "--json", rules=str(rules)
    )
    assert (ran.json["status"], "acme" in ran.out.lower()) == ("refused", False)


def test_a_text_is_checked_and_the_exit_code_says_so(spyglass: Terminal, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("banned_brands:\n  brands:\n    - name: Acme\n")
    broken = spyglass("check", "--rules", rules, "Buy A.c.m.e today", "--json")
    assert (broken.code, broken.json["kept"]) == (1, False)
    assert "acme" not in broken.out.lower()
    kept = spyglass("check", "--rules", rules, "Buy a hammer today", "--json")
    assert (kept.code, kept.json["kept"]) == (0, True)
    lines = spyglass("check", "--rules", rules, "--batch", "-", "--json", stdin='{"text": "acme"}\n{"text": "ok"}\n')
    assert [line["kept"] for line in lines.lines] == [False, True]


def test_a_tool_is_a_command(spyglass: Terminal, pictures: dict[str, Path]) -> None:
    ran = spyglass("tool", "extract", pictures["receipt"], "--fields", "total,date", "--json")
    assert ran.json["facts"]["fields"] == {"total": "13.20", "date": "2026-03-14"}


def test_tools_checks_and_searches_start_no_database(pictures: dict[str, Path], tmp_path: Path) -> None:
    spyglass = Terminal(tmp_path)
    spyglass("tool", "read_text", pictures["receipt"])
    spyglass("check", "hello")
    spyglass("search", "hello")
    database = next(line for line in spyglass("doctor", "--json").json if line["what"] == "database")
    assert "started when needed" in database["said"]
    assert not list(tmp_path.rglob("PG_VERSION"))


def test_the_doctor_says_how_to_get_what_is_missing(spyglass: Terminal) -> None:
    ran = spyglass("doctor", "--json", model="anthropic:claude")
    model = next(line for line in ran.json if line["what"] == "model")
    assert (ran.code, model["state"]) == (3, "missing")
    assert "ANTHROPIC_API_KEY" in model["said"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["ask", "nowhere.jpg", "-q", "hi"], 2, "There is no file nowhere.jpg"),
        (["ask", ".", "-q", "hi"], 2, "is a folder"),
        (["ask"], 2, "Ask something"),
        (["ask", "--batch", "nowhere.jsonl"], 2, "nowhere.jsonl"),
        (["check"], 2, "Give a text"),
        (["check", "x", "--rules", "nowhere.yaml"], 2, "nowhere.yaml"),
        (["search"], 2, "Say what to look for"),
        (["search", "x", "--limit", "0"], 2, "limit"),
        (["index", "nowhere"], 2, "nowhere"),
        (["index", "--fresh", ""], 2, "One PATH is empty: name a folder or a file"),
        (["alt-text", "", "--csv", "out.csv"], 2, "One PATH is empty: name a folder or a file"),
        (["ask", "", "-q", "hi"], 2, "One path is empty: name a file"),
        (["tool", "fly"], 2, "No such command"),
        (["eval", "taste"], 2, "There is no suite taste"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(
    spyglass: Terminal, arguments: list[str], code: int, told: str
) -> None:
    ran = spyglass(*arguments)
    assert ran.code == code
    assert told in ran.err


@pytest.mark.parametrize(
    ("settings", "code", "told"),
    [
        ({"model": "anthropic:claude"}, 2, "ANTHROPIC_API_KEY"),
        ({"model": "nobody:x"}, 2, "There is no backend 'nobody'"),
        ({"max_pages": "many"}, 2, "SPYGLASS_MAX_PAGES"),
        ({"database_url": "postgresql://127.0.0.1:9/x"}, 3, "database does not answer"),
        ({"home": "/proc/nowhere"}, 2, "SPYGLASS_HOME"),
    ],
)
def test_a_wrong_setting_is_named(spyglass: Terminal, settings: dict[str, str], code: int, told: str) -> None:
    ran = spyglass("ask", "-q", "hello", **settings)
    assert (ran.code, told in ran.err) == (code, True)


def test_a_wrong_key_is_told_and_the_local_planner_stands_in(spyglass: Terminal) -> None:
    with serving(keys=["right"]) as provider:
        answer = spyglass("ask", "-q", "hello", "--json", model="openai:m", openai_base_url=provider.openai_url).json
    assert (answer["status"], answer["planner"]) == ("answered", "local")
    (told,) = answer["degraded"]
    assert "openai:m does not accept the key" in told
    assert len(provider.heard) == 1


@pytest.mark.parametrize(
    ("question", "status"),
    [("compare them", "asked"), ("book me a flight", "refused"), ("and image 7?", "asked")],
)
def test_what_cannot_be_done_is_said_honestly(
    spyglass: Terminal, pictures: dict[str, Path], question: str, status: str
) -> None:
    answer = spyglass("ask", pictures["flower"], "-q", question, "--json").json
    assert (answer["status"], answer["tools"]) == (status, [])


def test_a_folder_without_images_is_said_to_have_none(spyglass: Terminal, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing to see")
    ran = spyglass("index", tmp_path)
    assert ran.code == 2
    assert "no images" in ran.err.lower() or "nothing" in ran.err.lower()


@pytest.mark.parametrize("tool", ["classify", "compare"])
def test_too_little_for_a_tool_is_asked_for(spyglass: Terminal, pictures: dict[str, Path], tool: str) -> None:
    more = ["--labels", ","] if tool == "classify" else []
    ran = spyglass("tool", tool, pictures["flower"], *more)
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1
