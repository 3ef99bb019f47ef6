"""What an answer looks like in Slack."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.edge import plain
from bot.local_slack.block_kit import TOO_LONG, total_length, validate
from bot.slack.replying import labels, rich
from bot.slack.replying.grids import Grid, as_csv, wants_csv
from bot.slack.replying.mrkdwn import JOINER, NOTICE, escape, notice, title
from bot.slack.replying.replies import Attached, Replies, Reply, render, sentence
from bot.slack.replying.splitting import cut, split
from bot.turns.running import Answer
from tests.fakes import WordGate
from tools.kit.ranking.reasons import likeness

calm = settings(deadline=None)
RUN = "0f8fad5b-d9cb-469f-a165-70867728950e"
HARMLESS_GATE = WordGate()
HOSTILE = (
    "<!channel> <@U0123ABCD> @here <https://evil.example|bank> [bank](https://evil.example) /invite *now* `x` & co"
)


def answer(text: str = "A red bicycle.", **changed: Any) -> Answer:
    told: dict[str, Any] = {
        "thread": "T1:C1:1.0",
        "answer": text,
        "status": "answered",
        "tools": [],
        "checks": [],
        "images": [],
        "problems": [],
        "pictures": [],
        "planner": "local",
        "seconds": 0.1,
    }
    return Answer.model_validate({**told, **changed})


def tool(name: str = "read_text", *handles: str, sure: float | None = 0.93, **facts: Any) -> dict[str, Any]:
    about = [{"handle": handle, "box": None, "page": None} for handle in handles]
    evidence = {"said": "x", "about": about, "facts": facts, "sure": sure, "shows": [], "source": "measured"}
    return {"name": name, "arguments": {}, "evidence": evidence}


def image(number: int, name: str = "a.png", page: int | None = None, notes: tuple[str, ...] = ()) -> dict[str, Any]:
    ref = {"handle": f"image {number}", "sha256": "0" * 64, "mime": "image/png", "width": 8, "height": 8}
    return {**ref, "name": name, "page": page, "pages": 1, "notes": list(notes)}


def rendered(told: Answer, **options: Any) -> Replies:
    """Every message of it as Slack takes it."""
    replies = render(told, run=RUN, gate=options.pop("gate", HARMLESS_GATE), **options)
    for reply in replies:
        if isinstance(reply, Reply):
            assert validate(list(reply.blocks), surface="message") == []
            assert total_length(reply.blocks) < TOO_LONG
            assert reply.text
    return replies


def messages_of(replies: Replies) -> list[Reply]:
    return [reply for reply in replies if isinstance(reply, Reply)]


def files_of(replies: Replies) -> list[Attached]:
    return [reply for reply in replies if isinstance(reply, Attached)]


def blocks_of(replies: Replies, kind: str) -> list[dict[str, Any]]:
    return [block for reply in messages_of(replies) for block in reply.blocks if block["type"] == kind]


def shown(replies: Replies) -> str:
    """All rich text of the messages."""
    blocks = blocks_of(replies, "rich_text")
    return "\n".join(rich.said(element) for block in blocks for element in block["elements"])


def small_print(replies: Replies) -> str:
    return "\n".join(part["text"] for block in blocks_of(replies, "context") for part in block["elements"])


def nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(node for inner in value.values() for node in nodes(inner))]
    return [node for inner in value for node in nodes(inner)] if isinstance(value, list | tuple) else []


# --- outside text does nothing --------------------------------------------------------------------


@calm
@given(st.text())
def test_no_text_can_mention_link_or_command_in_a_notification(text: str) -> None:
    escaped = escape(text)
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", escaped)
    assert not re.search(r"[@#]\w|\w:[^\s\u2060]|[^\W\d]\.\w", escaped.replace("&amp;", "&"))


@calm
@given(st.text())
def test_a_notification_shows_the_text_as_it_is(text: str) -> None:
    shown = escape(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown.replace(JOINER, "") == plain(text).replace(JOINER, "")


def test_numbers_in_a_notification_stay_copyable() -> None:
    assert escape("9.00 of 1.234,50") == "9.00 of 1.234,50"


def test_a_long_notification_ends_openly_at_a_word() -> None:
    said = notice("word " * 2000)
    assert len(said) <= NOTICE
    assert said.endswith("word …")


@calm
@given(st.text())
def test_a_step_title_is_one_short_line_without_a_mark_of_meaning(text: str) -> None:
    assert len(title(text, 80)) <= 80
    assert not re.search(r"[<>&*`~\n]", title(text, 80))


@pytest.mark.parametrize("planner", ["local", "anthropic:claude"])
def test_hostile_text_is_only_text(planner: str) -> None:
    replies = rendered(answer(HOSTILE, planner=planner, problems=[HOSTILE], status="refused"))
    blocks = [block for reply in messages_of(replies) for block in reply.blocks]
    kinds = {node.get("type") for node in nodes(blocks)}
    assert not kinds & {"mrkdwn", "markdown", "link", "user", "usergroup", "channel", "broadcast", "emoji"}
    assert "<!channel>" in shown(replies)
    assert "https://evil.example" in shown(replies)


@calm
@given(st.text(), st.sampled_from(["local", "openai:m"]))
def test_whatever_is_said_is_taken_by_slack_and_is_only_text(text: str, planner: str) -> None:
    replies = rendered(answer(text, planner=planner))
    blocks = [block for reply in messages_of(replies) for block in reply.blocks]
    assert not {node.get("type") for node in nodes(blocks)} & {"mrkdwn", "markdown", "link", "user", "broadcast"}


def test_a_models_emphasis_lists_and_code_stay_what_they_are() -> None:
    lists = "- one\n  1. deep\n- two"
    text = f"# Total\nIt is **9.00** and `B-7`.\n\n{lists}\n\n```\nas is\n```\n> quoted\n\n|a|b|\n|-|-|\n|1|2|"
    block = blocks_of(rendered(answer(text, planner="openai:m")), "rich_text")[0]
    styles = [element.get("style") for element in nodes(block) if element.get("type") == "text"]
    assert {"bold": True} in styles
    assert {"code": True} in styles
    assert [part["type"] for part in block["elements"]].count("rich_text_list") == 3
    assert "a  b\n1  2" in shown([Reply("x", (block,))])


def test_marks_that_hide_a_banned_word_from_the_check_do_not_show_it() -> None:
    replies = rendered(answer("It is A**cm**e.", planner="openai:m"), gate=WordGate("Acme"))
    assert "Acme" not in shown(replies)


# --- evidence -------------------------------------------------------------------------------------


def test_why_names_image_page_tool_and_how_sure() -> None:
    images = [image(1, "bill.pdf", page=1), image(2, "bill.pdf", page=2)]
    replies = rendered(answer(tools=[tool("read_text", "image 2")], images=images))
    assert small_print(replies) == "Why: read page 2 of bill.pdf (image 2), 93% sure · 1 of 2 images in this thread"


def test_why_names_the_image_that_nothing_was_found_on() -> None:
    sought = {**tool("extract", sure=None), "arguments": {"image": "image 1", "fields": ["date"]}}
    assert small_print(rendered(answer(tools=[sought], images=[image(1)]))) == "Why: took fields from a.png (image 1)"


def test_why_says_in_words_that_copies_were_looked_for() -> None:
    sought = {**tool("posted_before", sure=None), "arguments": {"image": "image 1"}}
    assert (
        small_print(rendered(answer(tools=[sought], images=[image(1)]))) == "Why: looked for copies of a.png (image 1)"
    )
    failed = {**tool("posted_before"), "evidence": None, "error": "The archive is away."}
    assert "posted before could not: The archive is away" in small_print(rendered(answer(tools=[failed])))


def test_a_tool_that_failed_says_so() -> None:
    failed = {**tool("extract"), "evidence": None, "error": "The paper is blank. Send it again."}
    assert "extract could not: The paper is blank" in small_print(rendered(answer(tools=[failed])))


def test_what_an_answer_had_to_do_without_stands_below_it() -> None:
    told = answer(
        tools=[tool("read_text", "image 1")],
        images=[image(1)],
        degraded=["The model did not answer in time, so I planned this by rules.", "Acme looked in its place."],
    )
    lines = small_print(rendered(told, gate=WordGate("Acme"))).splitlines()
    assert lines[0] == (
        "Not as usual: The model did not answer in time, so I planned this by rules. ▇▇▇ looked in its place."
    )
    assert lines[1].startswith("Why: ")


def test_an_answer_saved_before_it_could_tell_that_is_still_said() -> None:
    saved = answer().model_dump(mode="json")
    del saved["degraded"]
    assert small_print(rendered(Answer.model_validate(saved))) == ""


def test_small_print_passes_the_gate() -> None:
    replies = rendered(answer(tools=[tool("look", "image 1")], images=[image(1, "Acme.png")]), gate=WordGate("Acme"))
    assert "Acme" not in small_print(replies)


def test_warnings_about_the_images_are_told() -> None:
    small = image(1, notes=("small (20 x 10 pixels): reading may be unreliable",))
    replies = rendered(answer(tools=[tool("read_text", "image 1")], images=[small]))
    assert "Note: image 1 is small" in small_print(replies)


def test_endless_small_print_is_cut_openly() -> None:
    replies = rendered(answer(tools=[tool("look", f"image {n}") for n in range(400)]))
    assert small_print(replies).endswith(" …")


def test_a_file_that_could_not_be_opened_is_named_once() -> None:
    told = answer("a.gif is no image.\nA cat.", problems=["a.gif is no image.", "b.pdf is locked."])
    assert shown(rendered(told)).count("a.gif is no image.") == 1
    assert "b.pdf is locked." in shown(rendered(told))


@pytest.mark.parametrize("status", ["asked", "refused", "withheld", "gave_up"])
def test_an_answer_that_is_none_says_how_it_ended(status: str) -> None:
    assert labels.STATUS[status] in small_print(rendered(answer(status=status)))


def test_a_question_back_is_not_rated() -> None:
    assert blocks_of(rendered(answer("Which image?", status="asked")), "context_actions") == []


def test_small_talk_is_not_rated_and_a_refusal_is() -> None:
    assert blocks_of(rendered(answer("You're welcome.")), "context_actions") == []
    assert blocks_of(rendered(answer("I cannot tell the weather.", status="refused")), "context_actions")


def test_buttons_carry_the_run() -> None:
    replies = rendered(answer(tools=[tool("look", "image 1")]))
    feedback = blocks_of(replies, "context_actions")[0]["elements"][0]
    assert feedback["positive_button"]["value"] == f"good:{RUN}"
    assert feedback["negative_button"]["value"] == f"bad:{RUN}"
    assert blocks_of(replies, "actions")[0]["elements"][0]["value"] == RUN


# --- pictures and hits ----------------------------------------------------------------------------


def test_a_picture_is_shown_by_the_id_of_its_file() -> None:
    sheet = {"path": "/tmp/sheet.png", "caption": "3 bicycles", "mime": "image/png"}
    replies = rendered(answer(pictures=[sheet]), pictures={"/tmp/sheet.png": "F0123456789"})
    block = blocks_of(replies, "image")[0]
    assert block["slack_file"] == {"id": "F0123456789"}
    assert block["alt_text"] == "3 bicycles"


def test_a_picture_that_could_not_be_uploaded_is_not_passed_over_in_silence() -> None:
    sheet = {"path": "/tmp/sheet.png", "caption": "3 bicycles", "mime": "image/png"}
    assert labels.PICTURE_MISSING in small_print(rendered(answer(pictures=[sheet])))


def hit(path: str, name: str = "bike.jpg", score: float = 0.31) -> dict[str, Any]:
    return {"rank": 1, "path": path, "name": name, "score": score, "width": 1, "height": 1, "id": "x", "relevant": True}


def links(path: str, **options: Any) -> list[str]:
    found = rendered(answer(tools=[tool("search", hits=[hit(path)], cutoff=0.2, total=9)]), **options)
    return [node["url"] for node in nodes(blocks_of(found, "rich_text")) if node.get("type") == "link"]


def test_a_hit_has_its_name_its_likeness_in_words_and_a_link_to_where_it_was_posted() -> None:
    path = "https://acme.slack.com/archives/C1/p1700000000000100"
    replies = rendered(answer(tools=[tool("search", hits=[hit(path)], cutoff=0.2, total=9)]))
    assert links(path) == [path]
    assert "bike.jpg: a good match (0.31)" in shown(replies)


@pytest.mark.parametrize(
    "path",
    [
        "/home/anna/bike.jpg",
        "https://evil.example/archives/C1/p1",
        "https://slack.com.evil.example/archives/C1/p1",
        "https://evilslack.com/archives/C1/p1",
        "http://acme.slack.com/archives/C1/p1",
        "https://a:b@acme.slack.com/archives/C1/p1",
        "https://acme.slack.com/archives/C1/p1|<!channel>",
        "https://acme.slack.com:x/archives/",
        "javascript:alert(1)//slack.com/archives/",
        "https://local.slack.com/files/U1/F1/▇▇▇.png",
        "javascript://127.0.0.1/files/%0aalert(1)",
    ],
)
def test_only_an_address_in_slack_becomes_a_link(path: str) -> None:
    assert links(path) == []


@calm
@given(st.floats(-1, 1), st.floats(0.01, 0.9))
def test_a_better_hit_is_never_called_a_worse_match(score: float, cutoff: float) -> None:
    order = ["not quite a match", "only just a match", "a fair match", "a good match", "all but the same"]
    assert order.index(likeness(score, cutoff)) <= order.index(likeness(min(score + 0.1, 1.0), cutoff))


def test_many_hits_are_all_there_and_numbered_on() -> None:
    hits = [hit(f"https://acme.slack.com/archives/C1/p{n}", name=f"{'long' * 40}{n}.jpg") for n in range(50)]
    replies = rendered(answer(tools=[tool("search", hits=hits, cutoff=0.2, total=90)]))
    lists = [node for node in nodes(blocks_of(replies, "rich_text")) if node.get("type") == "rich_text_list"]
    assert len(lists) > 1
    starts = [part.get("offset", 0) for part in lists]
    assert starts == [sum(len(part["elements"]) for part in lists[:at]) for at in range(len(lists))]
    assert sum(len(part["elements"]) for part in lists) == 50


# --- tables ---------------------------------------------------------------------------------------


def extracted(rows: int = 0, columns: int = 2) -> dict[str, Any]:
    fields = [("total", "9.00"), ("date", "2026-11-27"), ("company", "=HYPERLINK(1)"), ("phone", None)]
    values: list[dict[str, Any]] = [
        {"name": name, "value": value, "text": value, "box": None, "confidence": 0.9, "note": None}
        for name, value in fields
    ]
    items = [{f"c{at}": f"{row}" for at in range(columns)} for row in range(rows)]
    if items:
        values.append({"name": "items", "value": items, "text": None, "box": None, "confidence": 0.9, "note": None})
    return tool("extract", "image 1", values=values, fields={}, kind="receipt")


def test_extracted_fields_are_a_table_with_how_sure_each_is() -> None:
    table = blocks_of(rendered(answer(tools=[extracted()])), "table")[0]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[0] == ["field", "value", "how sure"]
    assert ["total", "9.00", "90% sure"] in rows
    assert ["phone", "–", "not printed"] in rows


def test_a_column_nothing_is_printed_in_is_left_out() -> None:
    items = [{"name": "tea", "price": None}, {"name": "milk", "price": ""}]
    values = [{"name": "items", "value": items, "text": None, "box": None, "confidence": 0.9, "note": None}]
    table = blocks_of(rendered(answer(tools=[tool("extract", "image 1", values=values)])), "table")[0]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [["name"], ["tea"], ["milk"]]


def test_an_answer_no_tool_was_used_for_has_no_reasoning_to_show() -> None:
    assert blocks_of(rendered(answer("You're welcome.")), "actions") == []


def test_a_message_has_one_table_at_most() -> None:
    replies = rendered(answer(tools=[extracted(rows=3)]))
    assert [sum(b["type"] == "table" for b in reply.blocks) for reply in messages_of(replies)] == [1, 1]
    assert files_of(replies) == []


@pytest.mark.parametrize(("rows", "columns"), [(100, 2), (3, 21)])
def test_a_table_that_does_not_fit_is_attached_whole(rows: int, columns: int) -> None:
    replies = rendered(answer(tools=[extracted(rows, columns)]))
    (file,) = files_of(replies)
    assert len(list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))) == rows + 1 + 8
    assert labels.TABLE_ATTACHED in shown(replies)


def test_a_table_as_large_as_slack_takes_is_shown() -> None:
    replies = rendered(answer(tools=[extracted(rows=99, columns=20)]))
    assert max(len(table["rows"]) for table in blocks_of(replies, "table")) == 100
    assert files_of(replies) == []


def test_csv_comes_when_it_is_asked_for() -> None:
    assert [file.name for file in files_of(rendered(answer(tools=[extracted()]), as_file=True))] == ["table.csv"]


@pytest.mark.parametrize(
    ("question", "wanted"), [("the items as CSV please", True), ("open it in Excel", True), ("csvs of what?", False)]
)
def test_a_file_is_asked_for_by_its_name(question: str, wanted: bool) -> None:
    assert wants_csv(question) is wanted


def test_text_from_a_paper_does_not_run_in_a_spreadsheet() -> None:
    grid = Grid("g", ("a", "b"), (("=1+1", "-9.00"), ("@SUM(A1)", "+49 30 1234")))
    rows = list(csv.reader(io.StringIO(as_csv([grid]).decode("utf-8-sig"))))
    assert rows[1:] == [["'=1+1", "-9.00"], ["'@SUM(A1)", "+49 30 1234"]]


# --- length ---------------------------------------------------------------------------------------


def test_a_long_answer_is_split_and_all_of_it_is_said() -> None:
    text = "\n\n".join(f"Paragraph {n} says something of its own." for n in range(500))
    replies = rendered(answer(text))
    assert 1 < len(replies) <= 5
    assert re.findall(r"\d+", shown(replies)) == [str(n) for n in range(500)]


def test_an_answer_too_long_to_read_in_messages_is_attached_whole() -> None:
    text = "One more word. " * 10_000
    replies = rendered(answer(text))
    (file,) = files_of(replies)
    assert file.content.decode() == text
    assert labels.ANSWER_ATTACHED in shown(replies)


@calm
@given(st.text(), st.integers(20, 60))
def test_cutting_loses_nothing(text: str, room: int) -> None:
    parts = list(cut(text, room))
    assert "".join(parts) == text
    assert all(rich.size(part) - 2 <= room for part in parts)


@calm
@given(st.lists(st.text(min_size=1), min_size=1), st.integers(200, 400))
def test_splitting_loses_nothing(texts: list[str], room: int) -> None:
    elements = [element for text in texts for element in rich.from_plain(text)]
    groups = split(elements, room)
    assert "".join(rich.said(part) for group in groups for part in group) == "".join(map(rich.said, elements))
    assert all(rich.size(group) <= room + 2 for group in groups)


def test_a_sentence_of_ours_is_a_message() -> None:
    reply = sentence("Slack keeps a.png from me.", HARMLESS_GATE)
    assert validate(list(reply.blocks), surface="message") == []
