-- Where the app is installed: a row a workspace, or a whole organisation (its id in `team`). Tokens are encrypted.
create table installations (
    team text primary key,
    name text not null,
    bot_user text not null,
    bot_id text not null,
    token bytea not null,
    at timestamptz not null default now()
);

-- Installations that somebody began: the SHA-256 of what only their browser knows.
create table installing (
    state bytea primary key,
    expires timestamptz not null
);

-- Workspaces that took the app out, until nothing of theirs is left.
create table departures (
    team text primary key,
    at timestamptz not null default now()
);
