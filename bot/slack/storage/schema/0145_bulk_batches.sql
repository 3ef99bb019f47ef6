-- Batches with a provider, for the looks of jobs of alt texts: a row each, written before it is submitted.
create table bulk_batches (
    marker text primary key,
    team text not null,
    channel text not null,
    ts text collate "C" not null,
    id text,
    sent jsonb not null,
    done int not null default 0,
    looks int not null default 0,
    due timestamptz not null default now(),
    cancelled timestamptz,
    ended boolean not null default false,
    created timestamptz not null default now(),
    foreign key (team, channel, ts) references bulk_jobs on delete cascade
);

create index bulk_batches_job on bulk_batches (team, channel, ts);

-- The batch a file is in; empty where there was nothing to ask, null before it was asked about.
alter table bulk_items add column batch text;
alter table bulk_items add column gathered int not null default 0;
