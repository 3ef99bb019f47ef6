-- Who is in a channel, what a channel is or what somebody may do changed: what any process remembers of it is old.
-- An empty subject stands for everything of the workspace.
create table audience_changes (
    team text not null,
    subject text not null,
    changes bigint not null default 1,
    at timestamptz not null default now(),
    primary key (team, subject)
);

-- Whose direct messages with us a channel holds, as Slack said: that never changes.
create table direct_messages (
    team text not null,
    user_id text not null,
    channel text not null,
    primary key (team, user_id)
);
