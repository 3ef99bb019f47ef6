-- What people searched for in the search form, each search once, for their own home tab alone.
create table searches (
    team text not null,
    user_id text not null,
    channel text not null,
    asked jsonb not null,
    at timestamptz not null default now(),
    primary key (team, user_id, channel, asked)
);
