-- What channels chose, which files their threads have taken in, and what is still to be erased.

create table channels (
    team text not null,
    channel text not null,
    answers text not null,
    chosen_by text not null,
    chosen timestamptz not null default now(),
    primary key (team, channel)
);

-- The turn that took a file in; no SHA-256 where it could not be read.
create table thread_files (
    team text not null,
    channel text not null,
    thread_ts text not null,
    file text not null,
    ts text collate "C" not null,
    turn_ts text collate "C" not null,
    user_id text not null,
    name text not null,
    sha256 text,
    primary key (team, channel, thread_ts, file)
);

create index thread_files_file on thread_files (team, file);
create index thread_files_user on thread_files (team, user_id);

-- Threads whose messages from before the bot joined were asked for.
create table joined (
    thread text primary key,
    at timestamptz not null default now()
);

create table erasures (
    id bigint generated always as identity primary key,
    erasure jsonb not null,
    created timestamptz not null default now()
);

create index inbox_files on inbox using gin ((message -> 'files') jsonb_path_ops);
create index inbox_channel on inbox (team, channel);
