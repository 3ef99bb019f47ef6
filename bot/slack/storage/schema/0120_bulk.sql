-- Alt text for many images: a row a job, named by the message that asked for it, and a row a file of it.

create table bulk_jobs (
    team text not null,
    channel text not null,
    ts text collate "C" not null,
    thread text not null,
    thread_ts text not null,
    user_id text not null,
    state text not null default 'open' check (state in ('open', 'over')),
    reason text not null default '',
    stopped_by text,
    failures int not null default 0,
    due timestamptz not null default now(),
    shown timestamptz,
    created timestamptz not null default now(),
    primary key (team, channel, ts),
    foreign key (team, channel, ts) references inbox on delete cascade
);

create unique index bulk_jobs_open on bulk_jobs (thread) where state = 'open';
create index bulk_jobs_user on bulk_jobs (team, user_id, created);

-- What is written of a file is kept until the job is over, and its CSV shared.
create table bulk_items (
    team text not null,
    channel text not null,
    ts text collate "C" not null,
    number int not null,
    file text not null,
    object jsonb not null,
    posted_ts text collate "C" not null,
    posted_by text not null,
    attempts int not null default 0,
    status text not null default 'open' check (status in ('open', 'done', 'deleted')),
    written json,
    primary key (team, channel, ts, file),
    foreign key (team, channel, ts) references bulk_jobs on delete cascade
);

create index bulk_items_file on bulk_items (team, file);
create index bulk_items_user on bulk_items (team, posted_by);
