-- What we intend to say, one row a message of ours, saved before it is sent.

create table outbox (
    id uuid primary key default gen_random_uuid(),
    team text not null,
    channel text not null,
    question_ts text collate "C" not null,
    part int not null,
    thread_ts text not null,
    kind text not null,
    body jsonb not null,
    state text not null default 'intended',
    reason text not null default '',
    ts text collate "C",
    created timestamptz not null default now(),
    updated timestamptz not null default now(),
    unique (team, channel, question_ts, part)
);

create index outbox_thread on outbox (team, channel, thread_ts);
create index outbox_sent on outbox (team, channel, ts) where ts is not null;
