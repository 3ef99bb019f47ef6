"""What models took, summed up: by day, model, tool, channel, person or workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal, LiteralString

from bot.storage.tables import Database
from tools.kit.types import Frozen

By = Literal["day", "model", "tool", "channel", "user", "workspace"]

SUMS: LiteralString = """
    select
        case %(by)s
            when 'day' then to_char(at at time zone 'UTC', 'YYYY-MM-DD')
            when 'model' then model
            when 'tool' then case when tool = '' then purpose else tool end
            when 'channel' then channel
            when 'user' then user_id
            when 'workspace' then team
            else ''
        end as name,
        count(*) filter (where called) as calls,
        count(*) filter (where called and outcome not in ('answered', 'stopped')) as failed,
        coalesce(sum(tokens_in) filter (where called), 0)::bigint as tokens_in,
        coalesce(sum(tokens_cached) filter (where called), 0)::bigint as tokens_cached,
        coalesce(sum(tokens_out) filter (where called), 0)::bigint as tokens_out,
        coalesce(sum(images) filter (where called), 0)::bigint as images,
        coalesce(sum(cost) filter (where called), 0)::float8 as cost,
        count(*) filter (where called and cost is null and tokens_in + tokens_out > 0) as unpriced,
        count(*) filter (where not called) as again,
        coalesce(sum(coalesce(nullif(cost, 0), usual)) filter (where not called), 0)::float8 as saved
    from (
        select *, outcome <> 'cached' as called,
            avg(cost) filter (where outcome in ('answered', 'stopped'))
                over (partition by team, model, purpose) as usual
        from model_calls
        where at >= %(since)s and (%(workspace)s::text is null or team = %(workspace)s)
    ) as it
    where %(user)s::text is null or user_id = %(user)s
    group by 1
"""
"""What is asked by no tool is asked by the planner, and has a purpose. An answer that was there already saved what is
written beside it, or what the model's answers to such questions cost on average."""


class Sum(Frozen):
    """Of all calls that have something in common."""

    name: str
    """What that is: a day (UTC) as ``2026-11-28``, a model's spec, a tool, an id; empty where there is none."""
    calls: int
    failed: int
    """Of these, without an answer."""
    tokens_in: int
    tokens_cached: int
    """Of these, read from the provider's cache."""
    tokens_out: int
    images: int
    cost: float
    """US dollars, of the calls whose price is known."""
    unpriced: int
    """Calls that took tokens at a price that is not known."""
    again: int
    """Answers that were there already and were said again, which are no calls."""
    saved: float
    """US dollars that asking again would have cost, about, as far as is known."""

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out


async def sums(
    db: Database, by: By | None, *, days: int, workspace: str | None = None, user: str | None = None
) -> list[Sum]:
    """Of the last days (UTC), today included, the most expensive first; days in their order. workspace, user: of these
    alone. by: None sums all of it up, in one sum or, where nothing was asked, none."""
    since = datetime.combine(first_day(days), datetime.min.time(), UTC)
    rows = await db.rows(SUMS, {"by": by, "since": since, "workspace": workspace, "user": user})
    found = [Sum(**row) for row in rows]
    return sorted(found, key=lambda one: one.name) if by == "day" else sorted(found, key=_most_expensive)


def first_day(days: int) -> date:
    """Of so many, of which today is the last."""
    return datetime.now(UTC).date() - timedelta(days=days - 1)


def every_day(found: list[Sum], days: int) -> list[Sum]:
    """The sums of days with those between in which nothing was asked."""
    known = {one.name: one for one in found}
    nothing = dict.fromkeys(set(Sum.model_fields) - {"name"}, 0)
    names = [(first_day(days) + timedelta(days=n)).isoformat() for n in range(days)]
    return [known.get(name) or Sum.model_validate({"name": name, **nothing}) for name in names]


def merged(found: Iterable[Sum], name: Callable[[str], str]) -> list[Sum]:
    """The sums with those that get the same name by `name` added up, the most expensive first."""
    added: dict[str, Sum] = {}
    for one in found:
        key = name(one.name)
        before = added.get(key)
        numbers = one.model_dump(exclude={"name"})
        if before is not None:
            numbers = {field: value + getattr(before, field) for field, value in numbers.items()}
        added[key] = Sum.model_validate({"name": key, **numbers})
    return sorted(added.values(), key=_most_expensive)


def _most_expensive(one: Sum) -> tuple[float, int, str]:
    return -one.cost, -one.tokens, one.name
