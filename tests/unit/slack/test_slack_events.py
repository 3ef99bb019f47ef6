"""Slack's payloads become messages, whatever arrives in whatever order, and only some are for us."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.addressing import Answers, Speaking, is_for_us
from bot.slack.events import Deletion, Edit, FileDeleted, HomeOpened, Identity, Message, Revoked, StopAsked
from bot.slack.merging import merge
from bot.slack.payloads import read_event
from bot.slack.words import mentions_of, plain_words

BOT = Identity("T1", "UBOT", "BBOT")
SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "slack-samples" / "events"
PHOTO = {"id": "F1", "name": "a.png", "mimetype": "image/png", "url_private_download": "https://files.slack.com/a"}


def read(**event: Any) -> Any:
    place = {"type": "message", "channel": "C1", "user": "U1", "ts": "5.0", "channel_type": "channel"}
    return read_event({"team_id": "T1", "event": {**place, **event}}, BOT)


def message(**said: Any) -> Message:
    return Message(**{"team": "T1", "channel": "C1", "ts": "5.0", "thread_ts": "5.0", "user": "U1", **said})


def reply(**said: Any) -> Message:
    return message(thread_ts="1.0", **said)


def for_us(said: Message, answers: Answers = Answers.ALWAYS, before: Speaking = Speaking.TO_BOT, **more: Any) -> bool:
    return is_for_us(said, BOT, answers=answers, before=before, **more)


# --- payloads -------------------------------------------------------------------------------------


def test_a_message_with_files_is_a_message_although_it_has_a_subtype() -> None:
    said = read(subtype="file_share", text="", files=[{**PHOTO, "thumb_tiny": "x" * 999}])
    assert said.files == (PHOTO,)
    assert (said.text, said.complete, said.thread_ts) == ("", True, "5.0")


def test_a_mention_without_files_may_lack_them() -> None:
    assert not read(type="app_mention", text="<@UBOT> what is this?").complete
    assert read(type="app_mention", text="<@UBOT> what is this?", files=[PHOTO]).complete


def test_a_mention_is_seen_in_a_plain_message_too() -> None:
    assert read(text="hey <@UBOT|spyglass> look").mentioned
    assert not read(text="hey <@UBOTHER> look").mentioned


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "pinned_item", "message_replied", "ekm_denied"])
def test_what_nobody_said_is_no_message(subtype: str) -> None:
    assert read(subtype=subtype, text="<@UBOT> joined") is None


@pytest.mark.parametrize("subtype", ["thread_broadcast", "me_message"])
def test_what_is_said_in_other_ways_is_a_message(subtype: str) -> None:
    assert read(subtype=subtype, text="hi", thread_ts="1.0").is_reply


def test_a_message_of_another_bot_is_marked() -> None:
    said = read(subtype="bot_message", user=None, bot_id="B2", text="build failed")
    assert (said.is_bot, said.bot_id, said.user) == (True, "B2", "")


def test_an_edit_tells_what_it_says_now_and_which_files_are_gone() -> None:
    edit = read(
        subtype="message_changed",
        ts="9.0",
        message={"user": "U1", "ts": "5.0", "text": "<@UBOT> b", "edited": {"ts": "8.0"}, "files": []},
        previous_message={"user": "U1", "ts": "5.0", "text": "a", "files": [PHOTO]},
    )
    assert isinstance(edit, Edit)
    assert (edit.message.text, edit.message.ts, edit.message.mentioned, edit.gone) == (
        "<@UBOT> b",
        "5.0",
        True,
        ("F1",),
    )
    assert edit.changes


def test_a_file_that_is_a_tombstone_is_gone() -> None:
    edit = read(
        subtype="message_changed",
        message={"user": "U1", "ts": "5.0", "text": "a", "files": [{"id": "F1", "mode": "tombstone"}]},
        previous_message={"user": "U1", "ts": "5.0", "text": "a", "files": [PHOTO]},
    )
    assert edit.gone == ("F1",)


def test_an_unfurled_link_changes_nothing() -> None:
    same = {"user": "U1", "ts": "5.0", "text": "<http://x>"}
    unfurled = {**same, "attachments": [{"id": 1}]}
    assert not read(subtype="message_changed", message=unfurled, previous_message=same).changes


def test_a_deletion_names_the_message_and_its_files() -> None:
    gone = read(
        subtype="message_deleted",
        deleted_ts="5.0",
        ts="9.0",
        previous_message={"user": "U1", "ts": "5.0", "thread_ts": "1.0", "text": "<@UBOT> hi", "files": [PHOTO]},
    )
    assert isinstance(gone, Deletion)
    assert (gone.message.ts, gone.message.thread_ts, gone.files, gone.to_bot) == ("5.0", "1.0", ("F1",), True)
    assert (gone.message.text, gone.message.user, gone.message.deleted) == ("", "", True)


def test_the_deleted_root_of_a_thread_is_a_deletion() -> None:
    gone = read(
        subtype="message_changed",
        message={"subtype": "tombstone", "user": "USLACKBOT", "ts": "5.0", "text": "This message was deleted."},
        previous_message={"user": "U1", "ts": "5.0", "text": "secret", "files": [PHOTO]},
    )
    assert isinstance(gone, Deletion)
    assert (gone.message.ts, gone.files) == ("5.0", ("F1",))


def test_deletions_and_edits_of_our_own_messages_are_not_followed() -> None:
    own = {"user": "UBOT", "ts": "5.0", "text": "a"}
    assert read(subtype="message_deleted", deleted_ts="5.0", previous_message=own) is None


def test_events_without_a_message() -> None:
    assert read(type="file_deleted", file_id="F1") == FileDeleted("T1", "F1")
    assert read(type="app_home_opened", tab="messages", channel="D1") == HomeOpened("T1", "U1", "D1")
    assert read(type="app_home_opened", tab="home", channel="D1") == HomeOpened("T1", "U1", "D1", "home")
    assert read(type="app_home_opened", tab="about", channel="D1") is None
    assert read(type="tokens_revoked") == Revoked("T1", "tokens_revoked")
    stopped = {"type": "agent_session_stopped", "channel": "C1", "thread_ts": "1.0", "streaming_message_ts": ["2.0"]}
    assert read(**stopped) == StopAsked("T1", "C1", "1.0", "U1")
    assert read(**{**stopped, "thread_ts": None}) is None
    assert read(type="file_shared", file_id="F1") is None
    assert read_event({}, BOT) is None


def test_in_a_shared_channel_the_workspace_is_the_one_we_are_installed_in() -> None:
    body = {"team_id": "TOTHER", "authorizations": [{"team_id": "T1"}]}
    said = read_event({**body, "event": {"type": "message", "channel": "C1", "ts": "1", "user_team": "TOTHER"}}, BOT)
    assert isinstance(said, Message)
    assert (said.team, said.user_team) == ("T1", "TOTHER")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs ../shared")
@pytest.mark.parametrize(
    ("sample", "kind"),
    {
        "MessagePayload": Message,
        "MessageFileSharePayload": Message,
        "MessageThreadBroadcastPayload": Message,
        "MessageBotPayload": Message,
        "AppMentionPayload": Message,
        "MessageChangedPayload": Edit,
        "MessageDeletedPayload": Deletion,
        "FileDeletedPayload": FileDeleted,
        "AppHomeOpenedPayload": HomeOpened,
        "TokensRevokedPayload": Revoked,
        "AppUninstalledPayload": Revoked,
        "MessageRepliedPayload": type(None),
        "FileSharedPayload": type(None),
        "ReactionAddedPayload": type(None),
    }.items(),
)
def test_slacks_own_samples_are_read_as_what_they_are(sample: str, kind: type) -> None:
    body = json.loads((SAMPLES / f"{sample}.json").read_text("utf-8"))
    told = read_event(_filled(body), BOT)
    assert isinstance(told, kind)


def _filled(value: Any, name: str = "") -> Any:
    """The sample with something in place of its empty strings."""
    if isinstance(value, dict):
        return {name: _filled(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part) for part in value]
    return (
        {"ts": "5.0", "deleted_ts": "5.0", "tab": "messages"}.get(name, "X1")
        if value == "" and name != "subtype"
        else value
    )


# --- merging --------------------------------------------------------------------------------------

FILES = st.lists(
    st.sampled_from(
        [PHOTO, {"id": "F1"}, {"id": "F1", "mode": "tombstone"}, {"id": "F2", "name": "b"}, {"id": "F2", "name": "c"}]
    ),
    max_size=3,
    unique_by=lambda file: file["id"],
).map(tuple)
VIEWS = st.builds(
    message,
    thread_ts=st.sampled_from(["1.0", "5.0"]),
    user=st.sampled_from(["", "U1"]),
    text=st.sampled_from(["", "a", "b", "<@UBOT> a"]),
    files=FILES,
    channel_type=st.sampled_from(["", "channel"]),
    mentioned=st.booleans(),
    bot_id=st.sampled_from([None, "B2"]),
    is_bot=st.booleans(),
    complete=st.booleans(),
    edited=st.sampled_from(["", "6.0", "7.0"]),
    deleted=st.booleans(),
)


@given(VIEWS, VIEWS)
def test_it_does_not_matter_which_view_comes_first(one: Message, other: Message) -> None:
    assert merge(one, other) == merge(other, one)


@given(VIEWS, VIEWS)
def test_a_duplicate_changes_nothing(one: Message, other: Message) -> None:
    both = merge(one, other)
    assert merge(both, one) == merge(both, other) == merge(both, both) == both


@given(VIEWS, VIEWS, VIEWS)
def test_three_views_come_to_the_same_in_any_order(one: Message, two: Message, three: Message) -> None:
    def content(view: Message) -> Message:
        return view.model_copy(update={"files": tuple(sorted(view.files, key=lambda file: str(file["id"])))})

    assert content(merge(merge(one, two), three)) == content(merge(one, merge(two, three)))


def test_a_mention_without_files_never_takes_the_files_away() -> None:
    full, poor = message(files=(PHOTO,)), message(mentioned=True, complete=False)
    assert merge(full, poor) == merge(poor, full)
    assert (merge(poor, full).files, merge(poor, full).mentioned, merge(poor, full).complete) == ((PHOTO,), True, True)


def test_the_latest_edit_is_what_is_said() -> None:
    assert merge(message(text="new", edited="8.0"), message(text="the long old text")).text == "new"


def test_what_was_deleted_does_not_come_back() -> None:
    late = message(text="secret", files=(PHOTO,), mentioned=True)
    assert merge(late.emptied(), late) == late.emptied()
    assert not for_us(merge(late.emptied(), late))


# --- is it for us? --------------------------------------------------------------------------------


def test_a_mention_is_for_us_wherever_mentions_are_answered() -> None:
    asked = message(text="<@UBOT> hi", mentioned=True)
    assert for_us(asked, Answers.ALWAYS, Speaking.NOBODY)
    assert for_us(asked, Answers.MENTIONS, Speaking.NOBODY)
    assert not for_us(asked, Answers.OFF)


def test_a_mention_beside_another_persons_is_for_us() -> None:
    assert for_us(message(text="<@UBOT> what does <@U2> hold?", mentioned=True))


def test_a_direct_message_is_for_us_whatever_a_channel_chose() -> None:
    assert for_us(message(channel="D1", text="hi"), Answers.OFF, Speaking.NOBODY)
    assert for_us(message(channel_type="im", text="", files=(PHOTO,)), Answers.MENTIONS, Speaking.NOBODY)


def test_what_is_said_in_a_channel_is_not_for_us() -> None:
    assert not for_us(message(text="lunch?"))


def test_a_follow_up_is_for_us_only_where_follow_ups_are_answered() -> None:
    assert for_us(reply(text="and the second one?"))
    assert not for_us(reply(text="and the second one?"), Answers.MENTIONS)
    assert not for_us(reply(text="and the second one?"), Answers.OFF)


@pytest.mark.parametrize("named", ["<@U2> look", "thanks, <@U2|ben>", "<!here> look", "<!subteam^S1|@design> look"])
def test_a_reply_that_names_somebody_else_is_for_them(named: str) -> None:
    assert not for_us(reply(text=named))


def test_a_reply_to_another_person_is_for_them() -> None:
    assert not for_us(reply(text="no, Thursday"), before=Speaking.TO_PEOPLE)


def test_a_thread_the_bot_takes_no_part_in_is_not_for_us() -> None:
    assert not for_us(reply(text="what is this?"), before=Speaking.NOBODY)


@pytest.mark.parametrize("own", [{"user": "UBOT"}, {"user": "", "bot_id": "BBOT", "is_bot": True}])
def test_our_own_messages_are_not_for_us(own: dict[str, Any]) -> None:
    assert not for_us(message(channel="D1", text="<@UBOT>", mentioned=True, **own), other_bots=True)


def test_other_bots_are_answered_only_where_wanted_and_only_when_they_name_us() -> None:
    asked = message(bot_id="B2", is_bot=True, text="<@UBOT> hi", mentioned=True)
    assert not for_us(asked)
    assert for_us(asked, other_bots=True)
    assert not for_us(reply(bot_id="B2", is_bot=True, text="thanks"), other_bots=True)
    assert not for_us(message(channel="D1", bot_id="B2", is_bot=True, text="hi"), other_bots=True)


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<@UBOT> what is this?", "what is this?"),
        ("<@UBOT>, what is this?", "what is this?"),
        ("hey <@UBOT>: look", "hey look"),
        ("<@UBOT>", ""),
        ("what is this <@UBOT|spyglass>", "what is this"),
        ("<@UBOT>\nfirst\nsecond", "first\nsecond"),
        ("is <@U1> in it?", "is @Anna Lee in it?"),
        ("is <@U9> in it?", "is @U9 in it?"),
        ("as in <#C1|design> and <#C2>", "as in #design and #C2"),
        ("see <http://x.invalid/?a=1&amp;b=2|the page>", "see the page"),
        ("see <http://x.invalid/?a=1&amp;b=2>", "see http://x.invalid/?a=1&b=2"),
        ("write to <mailto:a@x.invalid|a@x.invalid>", "write to a@x.invalid"),
        ("<!here> and <!subteam^S1|@design>", "@here and @design"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2, &amp;lt; stays", "1 < 2 && 3 > 2, &lt; stays"),
        ("&lt;@U1&gt; is text", "<@U1> is text"),
        ("on <!date^1392734382^{date}|Feb 18>", "on Feb 18"),
    ],
)
def test_what_was_typed_becomes_plain_words(typed: str, read: str) -> None:
    assert plain_words(typed, without="UBOT", names={"U1": "Anna\nLee\u202e"}) == read


def test_escaped_brackets_mention_nobody() -> None:
    assert mentions_of("&lt;@U1&gt; <@W2> <!channel>") == {"W2", "!channel"}
