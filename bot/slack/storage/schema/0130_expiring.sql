-- What was said, and is not kept for ever: found by its age.
create index inbox_said on inbox (created)
    where message ->> 'text' <> '' or answer is not null or searches is not null;

-- What is left of a message when its words are gone: its place and its files.
create function wordless(message jsonb) returns jsonb language sql immutable as $$
    select message - '{text, call, about}'::text[];
$$;
