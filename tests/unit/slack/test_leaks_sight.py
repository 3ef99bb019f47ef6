"""Whatever happens in a workspace, no place shows images of a channel that somebody who reads it may not see."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.slack.leaks import BOT, Observed, Place, Role, Town

ROLES: tuple[Role, ...] = ("member", "member", "member", "guest", "outsider", "bot")
PEOPLE = [f"U{number}" for number in range(len(ROLES))]
CHANNELS = ["C0", "C1", "C2", "C3", "C4", "G1", "D0", "D3"]

thorough = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def towns(draw: st.DrawFn) -> Town:
    groups = st.sets(st.sampled_from(PEOPLE))
    places: dict[str, Place] = {}
    for key in CHANNELS:
        flags = {name: draw(st.booleans()) for name in ("local_only", "images")}
        if key.startswith("D"):
            places[key] = Place("direct", {f"U{key[1:]}", BOT}, **flags)
        else:
            kind = "group" if key.startswith("G") else draw(st.sampled_from(["public", "private"]))
            shared = kind != "group" and draw(st.integers(0, 5)) == 0
            places[key] = Place(kind, {BOT, *draw(groups)}, shared=shared, **flags)  # type: ignore[arg-type]
    roles: dict[str, Role] = {**dict(zip(PEOPLE, ROLES, strict=True)), BOT: "bot"}
    return Town(roles, places, open_public=draw(st.booleans()), models_elsewhere=draw(st.booleans()))


Act = tuple[str, int, int]
ACTS = ["look", "look", "look", "join", "leave", "guest", "turn", "share", "file", "local", "silent", "fail", "mend"]
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, len(PEOPLE) - 1), st.integers(0, len(CHANNELS) - 1)), max_size=25
)


@thorough
@given(towns(), acts)
def test_nothing_is_shown_that_anybody_who_reads_a_place_may_not_see(town: Town, happening: list[Act]) -> None:
    async def played() -> None:
        bot = Observed(town)
        for what, person, channel in [*happening, *everywhere()]:
            if what != "look":  # what is remembered of it is from just before
                await looks(bot, CHANNELS[channel])
            await act(bot, what, PEOPLE[person], CHANNELS[channel], person + channel)
            if what != "look":
                await looks(bot, CHANNELS[channel])

    asyncio.run(played())


def everywhere() -> list[Act]:
    """Everybody looks in every place, twice: what was remembered of the first is good for the second."""
    looks = [("look", person, channel) for person in range(len(PEOPLE)) for channel in range(len(CHANNELS))]
    return looks[::7] + looks[::5]


async def looks(bot: Observed, channel: str) -> None:
    for user in PEOPLE:
        await look(bot, user, channel)


async def act(bot: Observed, what: str, user: str, channel: str, number: int) -> None:
    town = bot.town
    match what:
        case "look":
            await look(bot, user, channel)
        case "join":
            await bot.join(user, channel)
        case "leave":
            await bot.leave(user, channel)
        case "guest":
            await bot.become(user, "member" if town.roles[user] == "guest" else "guest")
        case "turn":
            await bot.turn(channel)
        case "share":
            await bot.share(channel)
        case "file":
            town.places[channel].images = not town.places[channel].images
        case "local":
            town.places[channel].local_only = not town.places[channel].local_only
        case "silent":
            bot.change_silently(user, channel)
        case "fail":
            bot.fail(number, user, channel)
        case "mend":
            bot.mend()


async def look(bot: Observed, user: str, channel: str) -> None:
    town = bot.town
    sight = await bot.audiences.sight(channel, user)
    shown, alone = set(sight.shown.audiences), set(sight.alone.audiences if sight.alone else ())
    assert sight.shown.workspace == "T1"
    assert channel in shown
    assert shown <= town.shown(channel, user), "shown to people who may not see it"
    assert alone <= town.alone(channel, user), "shown to one who may not see it"
    assert not alone & shown
    if town.places[channel].kind == "direct":
        assert not alone
    everything = set((await bot.audiences.of_person(user)).audiences) - {"nobody"}
    assert everything <= town.alone("", user) if everything else True
    for other in CHANNELS:
        if await bot.audiences.may_be_shown(channel, user, {other}):
            assert town.may_link(channel, user, other), "opened where somebody reads who may not see it"
    own = await bot.audiences.in_channel(channel, user)
    assert own is None or (set(own.audiences) == {channel} and town.may_see(user, channel))


# --- and it is not nothing that is shown -----------------------------------------------------------


@thorough
@given(towns())
def test_all_that_everybody_there_may_see_is_shown_where_slack_tells(town: Town) -> None:
    async def played() -> None:
        bot = Observed(town)
        for user in PEOPLE:
            for channel in CHANNELS:
                place = town.places[channel]
                if user not in place.members or town.roles[user] == "bot":
                    continue
                sight = await bot.audiences.sight(channel, user)
                expected = town.shown(channel, user)
                if place.kind == "public":  # what is private is not compared with a whole workspace
                    expected = {
                        key for key in expected if key == channel or (town.open_public and is_public(town, key))
                    }
                assert set(sight.shown.audiences) | unknown(user) >= expected
                further = set(sight.alone.audiences) if sight.alone else set()
                assert place.kind == "direct" or further | unknown(user) >= town.alone(channel, user) - expected - {
                    channel
                }

    asyncio.run(played())


def is_public(town: Town, channel: str) -> bool:
    return town.places[channel].kind == "public"


def unknown(user: str) -> set[str]:
    """That a direct conversation is theirs is known once something was asked there."""
    return {f"D{user[1:]}"}


def test_a_link_is_opened_where_all_who_read_may_see_it() -> None:
    town = small_town(
        C0=Place("public", {"U0", "U1"}),
        C1=Place("private", {"U0", "U1"}),
        C2=Place("private", {"U0"}),
        C3=Place("public", {"U0"}),
        C4=Place("private", {"U0", "U3"}),
        D0=Place("direct", {"U0", BOT}),
    )

    async def played() -> None:
        opens = Observed(town).audiences.may_be_shown
        assert [each for each in town.places if await opens("C1", "U0", {each})] == ["C0", "C1", "C3"]
        assert [each for each in town.places if await opens("C4", "U0", {each})] == ["C4"]  # a guest reads it
        assert [each for each in town.places if await opens("C2", "U0", {each})] == ["C0", "C1", "C2", "C3", "C4"]
        assert [each for each in town.places if await opens("D0", "U0", {each})] == [*town.places]
        assert [each for each in town.places if await opens("C0", "U1", {each})] == ["C0"]
        assert await opens("C0", "U0", {"C2", "C3"})

    asyncio.run(played())


def small_town(**places: Place) -> Town:
    return Town({"U0": "member", "U1": "member", "U3": "guest", BOT: "bot"}, places)


def test_who_sees_what_in_a_small_town() -> None:
    town = small_town(
        C0=Place("public", {"U0", "U1", "U3"}),
        C1=Place("private", {"U0", "U1"}),
        C2=Place("private", {"U0"}),
        D0=Place("direct", {"U0", BOT}),
    )

    async def seen(channel: str, user: str) -> tuple[list[str], list[str]]:
        sight = await bot.audiences.sight(channel, user)
        return list(sight.shown.audiences), list(sight.alone.audiences if sight.alone else ())

    async def played() -> None:
        assert await seen("C0", "U0") == (["C0"], ["C1", "C2"])
        assert await seen("C1", "U0") == (["C0", "C1"], ["C2"])
        assert await seen("C1", "U1") == (["C0", "C1"], [])
        assert await seen("C2", "U0") == (["C0", "C1", "C2"], [])
        assert await seen("D0", "U0") == (["C0", "C1", "C2", "D0"], [])
        assert await seen("D0", "U1") == (["D0"], [])
        assert await seen("C0", "U3") == (["C0"], [])
        await bot.leave("U1", "C1")
        assert await seen("C1", "U1") == (["C0", "C1"], [])
        assert list((await bot.audiences.of_person("U1")).audiences) == ["C0"]
        assert list((await bot.audiences.of_person("U9")).audiences) == ["nobody"]

    bot = Observed(town)
    asyncio.run(played())


def test_what_was_asked_of_slack_is_not_asked_again_before_something_changes() -> None:
    town = small_town(C1=Place("private", {"U0", "U1"}), C2=Place("private", {"U0", "U1", "U3"}))

    async def played() -> None:
        for _ in range(3):
            await bot.audiences.sight("C1", "U0")
        once = sum(bot.slack.calls.values())
        await bot.audiences.sight("C1", "U0")
        assert sum(bot.slack.calls.values()) == once
        await bot.join("U3", "C1")
        assert (await bot.audiences.sight("C1", "U0")).shown.audiences == ("C1", "C2")
        await bot.leave("U3", "C2")
        assert (await bot.audiences.sight("C1", "U0")).shown.audiences == ("C1",)
        assert sum(bot.slack.calls.values()) > once

    bot = Observed(town)
    asyncio.run(played())


def test_a_channel_with_more_members_than_are_looked_through_shows_only_itself() -> None:
    crowd = {f"U{number}" for number in range(100, 140)}
    town = small_town(C1=Place("private", {"U0", *crowd}), C2=Place("private", {"U0", *crowd}))
    town.roles |= dict.fromkeys(crowd, "member")

    async def played() -> None:
        sight = await Observed(town).audiences.sight("C1", "U0")
        assert (sight.shown.audiences, sight.alone and sight.alone.audiences) == (("C1",), ("C2",))

    asyncio.run(played())


@example(7)
@given(st.integers(0, 100))
@settings(deadline=None, max_examples=30)
def test_whatever_slack_does_not_tell_shows_less(number: int) -> None:
    town = small_town(
        C0=Place("public", {"U0", "U1", "U3"}), C1=Place("private", {"U0"}), D0=Place("direct", {"U0", BOT})
    )
    town.open_public = True

    async def played() -> None:
        bot = Observed(town)
        whole = await bot.audiences.sight("D0", "U0")
        bot = Observed(town)
        bot.fail(number, "U1", "C1")
        less = await bot.audiences.sight("D0", "U0")
        assert {"D0"} <= set(less.shown.audiences) <= set(whole.shown.audiences)

    asyncio.run(played())
