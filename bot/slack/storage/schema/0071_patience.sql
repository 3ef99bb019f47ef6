-- An erasure that cannot be done is tried again later each time.
alter table erasures add column failures int not null default 0, add column due timestamptz not null default now();
