-- What of a channel goes into the archive; null: as it is set up.
alter table channels add column archive text check (archive in ('off', 'asked', 'all')), add column opted timestamptz;

-- That a channel is archived is said in it: for each time it opted in, as `channels.opted` has it.
create table archive_announcements (
    team text not null,
    channel text not null,
    opted timestamptz,
    user_id text not null,
    act uuid not null default gen_random_uuid(),
    state text not null default 'wanted' check (state in ('wanted', 'said', 'ending', 'ended', 'refused')),
    ts text collate "C",
    failures int not null default 0,
    due timestamptz not null default now(),
    created timestamptz not null default now(),
    primary key (team, channel)
);

-- Every image and PDF that is wanted in the archive or in it, a row a file of a message. One that is gone keeps its place,
-- so that nothing which comes late brings it back.
create table archive_postings (
    team text not null,
    channel text not null,
    ts text collate "C" not null,
    file text not null,
    thread_ts text collate "C" not null,
    user_id text not null,
    asked boolean not null,
    has_words boolean not null default false,
    late boolean not null default false,
    state text not null default 'wanted' check (state in ('wanted', 'shelved', 'done', 'left_out', 'gone')),
    object jsonb not null,
    pending jsonb,
    sha256 text,
    pages int not null default 0,
    begun int not null default 0,
    failures int not null default 0,
    reason text not null default '',
    due timestamptz not null default now(),
    created timestamptz not null default now(),
    -- what is to be done, the smallest number first; null: nothing
    work int generated always as (
        case
            when state = 'wanted' then case when late then 2 else 0 end
            when state in ('shelved', 'done') and pending is not null then 1
            when state = 'shelved' then 3
        end
    ) stored,
    primary key (team, channel, ts, file)
);

create index archive_postings_work on archive_postings (work, due) where work is not null;
create index archive_postings_file on archive_postings (team, file);
create index archive_postings_user on archive_postings (team, user_id) where user_id <> '';
create index archive_postings_original on archive_postings (team, channel, sha256) where sha256 is not null;
create index archive_postings_age on archive_postings (ts) where state <> 'gone';

-- What who posted something archived was last called: Slack tells of every change to them.
create table archive_people (
    team text not null,
    user_id text not null,
    name text not null,
    primary key (team, user_id)
);

-- Looking through the history of a channel: how far back it is, and the threads that are still to be looked through.
create table archive_backfills (
    team text not null,
    channel text not null,
    run int not null default 1,
    user_id text not null,
    state text not null default 'open' check (state in ('open', 'over')),
    reason text not null default '',
    stopped_by text,
    began timestamptz not null default now(),
    reached text collate "C" not null,
    whole boolean not null default false,
    messages int not null default 0,
    files int not null default 0,
    failures int not null default 0,
    due timestamptz not null default now(),
    shown timestamptz,
    primary key (team, channel)
);

create table archive_threads (
    team text not null,
    channel text not null,
    thread_ts text collate "C" not null,
    reached text collate "C" not null,
    primary key (team, channel, thread_ts)
);
