-- What people think of an answer: one verdict a person, kept with the run.

create table feedback (
    run uuid not null,
    team text not null,
    user_id text not null,
    verdict text not null check (verdict in ('good', 'bad')),
    reason text not null default '',
    at timestamptz not null default now(),
    primary key (run, user_id)
);

create index feedback_user on feedback (team, user_id);
