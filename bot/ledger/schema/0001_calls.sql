-- What models were asked, a row a call: on whose account, what went in and came out, and what it cost in US dollars.
-- cost: null where the price is not known. outcome 'cached': an answer that was there already; its row holds what asking
-- again would have taken.
create table model_calls (
    id uuid primary key,
    at timestamptz not null,
    team text not null,
    channel text not null,
    user_id text not null,
    turn text not null,
    tool text not null,
    purpose text not null,
    model text not null,
    outcome text not null,
    calls int not null,
    tokens_in bigint not null,
    tokens_cached bigint not null,
    tokens_written bigint not null,
    tokens_out bigint not null,
    tokens_thinking bigint not null,
    images int not null,
    image_bytes bigint not null,
    seconds double precision not null,
    cost numeric
);

create index model_calls_at on model_calls (at);
create index model_calls_team on model_calls (team, at);
create index model_calls_user on model_calls (team, user_id, at);

-- What a day (UTC) has cost a workspace, a channel or a person, for budgets: kept for as long as the day counts, and
-- under a digest, so that it outlives who is forgotten without naming them.
create table model_spending (
    team text not null,
    day date not null,
    whose text not null,
    cost numeric not null,
    primary key (team, day, whose)
);
